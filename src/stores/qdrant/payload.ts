import type { Passage } from '../archival.ts'
import { assertKnown, storesSchema } from '../schema.ts'

/** A passage as its point carries it. */
export interface PassagePayload extends Passage {
  /** Newest first is by this: milliseconds of `at`, then the place in its batch, in one integer. */
  readonly order: number
  /** How many edits there were; absent: none. */
  readonly edition?: number
  /** Absent in what 0.1.0 wrote, whose form is the same. */
  readonly schema?: number
}

export function payloadOf(passage: Passage, place: number): Record<string, unknown> {
  const { at, edits } = passage
  const payload: PassagePayload = { ...fieldsOf(passage), order: Date.parse(at) * 1_000 + Math.min(place, 999), schema: storesSchema, ...(edits && { edition: edits.length }) }
  return { ...payload }
}

/** The `order` of a payload, possibly fetched alone. */
export function orderOf(payload: unknown): number {
  const order = typeof payload === 'object' && payload !== null && 'order' in payload ? payload.order : undefined
  return typeof order === 'number' ? order : 0
}

/** @throws PerdureError `schema-newer`; Error for a point that somebody else put into the collection */
export function passageOf(payload: unknown): Passage {
  const schema = typeof payload === 'object' && payload !== null && 'schema' in payload ? payload.schema : undefined
  if (typeof schema === 'number') assertKnown({ of: 'a passage in Qdrant', schema })
  if (!isPayload(payload)) throw new Error('a point of the archival collection is no passage: the collection must hold nothing else')
  return fieldsOf(payload)
}

function fieldsOf({ agentId, op, text, tags, source, at, by, supersedes, supersededBy, edits }: Passage): Passage {
  return {
    agentId,
    op,
    text,
    tags,
    source,
    at,
    ...(by !== undefined && { by }),
    ...(supersedes !== undefined && { supersedes }),
    ...(supersededBy !== undefined && { supersededBy }),
    ...(edits !== undefined && { edits }),
  }
}

function isPayload(payload: unknown): payload is PassagePayload {
  if (typeof payload !== 'object' || payload === null) return false
  const fields = payload as Record<string, unknown>
  return ['agentId', 'op', 'text', 'source', 'at'].every((name) => typeof fields[name] === 'string') && Array.isArray(fields['tags'])
}
