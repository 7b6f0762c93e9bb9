import { isRecord } from '../../protocol/is-record.ts'
import { parsedJson } from '../../protocol/json.ts'
import type { GivenNames } from './brought-tools.ts'

/** Which call of which event a client's tool call is: all that is needed to go on with its turn, at whichever server. */
export interface CallPlace {
  readonly op: string
  readonly eventId: string
  /** Of the turn's tools: the request with the results need not bring them again. */
  readonly names: GivenNames
}

const prefix = 'call_'

export const callIdOf = ({ op, eventId, names }: CallPlace): string =>
  prefix + Buffer.from(JSON.stringify([op, eventId, ...(Object.keys(names).length > 0 ? [names] : [])])).toString('base64url')

/** Undefined for an id that is none of ours. */
export function placeOfCall(id: string): CallPlace | undefined {
  const read = id.startsWith(prefix) ? parsedJson(Buffer.from(id.slice(prefix.length), 'base64url').toString()) : undefined
  const [op, eventId, names = {}] = Array.isArray(read) ? (read as readonly unknown[]) : []
  return typeof op === 'string' && typeof eventId === 'string' && isNames(names) ? { op, eventId, names } : undefined
}

const isNames = (value: unknown): value is GivenNames => isRecord(value) && Object.values(value).every((name) => typeof name === 'string')
