import proto from '@temporalio/proto'

const { History } = proto.temporal.api.history.v1

export type RunHistory = proto.temporal.api.history.v1.IHistory

/**
 * A history as plain JSON and back: numbers of 64 bits as text, payloads in base64. Not the form of Temporal's own tools, whose
 * conversion (`historyToJSON` of `@temporalio/common`) fails where npm has installed protobufjs more than once.
 */
export function historyAsJson(history: RunHistory): Record<string, unknown> {
  return History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String })
}

export function historyFromJson(json: Readonly<Record<string, unknown>>): RunHistory {
  return History.fromObject(json)
}
