import proto from '@temporalio/proto'
import { PerdureError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/is-record.ts'

const { History } = proto.temporal.api.history.v1

export type History = proto.temporal.api.history.v1.IHistory
export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent

/**
 * A history from JSON: of `temporal workflow show --output json`, of the Web UI's download, of this project's kept ones. Temporal's own
 * conversion (`historyFromJSON` of `@temporalio/common`) fails where npm has installed protobufjs more than once.
 * @throws PerdureError `invalid-argument` for what is no history, or one whose payloads were decoded
 */
export function historyFromJson(json: unknown): History {
  const events = eventsOf(json)
  if (events === undefined) throw invalid('it has no list of events')
  if (events.length === 0 || !events.every(isRecord)) throw invalid('its list of events is empty, or holds something else')
  const decoded = events.find(hasDecodedPayloads)
  if (decoded !== undefined) throw invalid(`the payloads of event ${String(decoded.eventId)} were decoded; download the history encoded, as Temporal holds it`)
  try {
    return History.fromObject({ events: events.map((event) => asMessage(event, '')) })
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error)
  }
}

const invalid = (why: string, cause?: unknown): PerdureError => new PerdureError('invalid-argument', `this is no history of Temporal's: ${why}`, { cause })

/** The Web UI and the command line write `{ events }`, the API `{ history: { events } }`. */
function eventsOf(json: unknown): readonly unknown[] | undefined {
  if (!isRecord(json)) return undefined
  const { events, history } = json
  if (Array.isArray(events)) return events as unknown[]
  return isRecord(history) ? eventsOf(history) : undefined
}

/** Temporal's JSON has moments and durations as text, and older tools have names of values without their prefix. */
function asMessage(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => asMessage(item, key))
  if (isRecord(value)) return isPayload(value) ? value : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asMessage(item, name)]))
  if (typeof value !== 'string') return value
  if (key === 'eventType' && !value.startsWith('EVENT_TYPE_')) return `EVENT_TYPE_${value.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase()}`
  if (moment.test(value)) return momentOf(value)
  return durationKeys.test(key) && duration.test(value) ? durationOf(value) : value
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const duration = /^-?\d+(\.\d+)?s$/
const durationKeys = /(timeout|interval|backoff|delay|timer|ttl|duration)/i

/** To the nanosecond, which `Date` does not hold. */
function momentOf(text: string): { readonly seconds: number; readonly nanos: number } {
  return { seconds: Math.floor(Date.parse(text.replace(/\.\d+/, '')) / 1_000), nanos: nanosOf(text) }
}

function durationOf(text: string): { readonly seconds: number; readonly nanos: number } {
  const sign = text.startsWith('-') ? -1 : 1
  return { seconds: Math.trunc(Number.parseFloat(text)), nanos: sign * nanosOf(text) }
}

const nanosOf = (text: string): number => Number((/\.(\d+)/.exec(text)?.[1] ?? '0').padEnd(9, '0').slice(0, 9))

const isPayload = (value: Readonly<Record<string, unknown>>): boolean => isRecord(value.metadata) && 'encoding' in value.metadata

/** Whether the history has, anywhere, a payload's decoded value in the place of the payload. */
function hasDecodedPayloads(value: unknown): value is Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) return value.some(hasDecodedPayloads)
  if (!isRecord(value) || isPayload(value)) return false
  const { payloads } = value
  if (Array.isArray(payloads) && payloads.some((payload) => !isRecord(payload) || !isPayload(payload))) return true
  return Object.values(value).some(hasDecodedPayloads)
}
