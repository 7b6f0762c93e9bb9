import { isDeepStrictEqual } from 'node:util'
import { fieldOnRequest } from '../model/field-on-request.ts'
import { isRecord } from '../protocol/is-record.ts'
import { jsonObject } from '../protocol/json.ts'

/** Whether a message's turn is the one that runs. */
export type TurnOfMessage = 'running' | 'earlier'

type Fields = Readonly<Record<string, unknown>>

/**
 * What an endpoint gave beside a message or a call, as it goes back in a prompt. Of the running turn it goes back whole, whatever its length:
 * endpoints refuse the newest steps without it. Of earlier turns, for which nobody asks, only fields that fit together are kept, the
 * longest left out first; each is whole or not there, as half a signature is none.
 * @param json an object's
 * @param room characters
 * @returns undefined where nothing of it fits
 */
export function givenWithin(json: string, room: number, turn: TurnOfMessage): string | undefined {
  if (json.length <= room) return json
  const given = jsonObject(json)
  if (given === undefined) return turn === 'running' ? json : undefined
  const once = lengthOf(given) > room ? withoutRepetition(given) : given
  const kept = turn === 'running' ? once : fitting(once, room)
  return Object.keys(kept).length === 0 ? undefined : JSON.stringify(kept)
}

/** Of what goes back by itself. */
function lengthOf(fields: Fields): number {
  return JSON.stringify({ ...fields, [fieldOnRequest]: undefined }).length
}

/** LiteLLM gives the same blocks and the same reasoning under two names. */
function withoutRepetition({ provider_specific_fields: specific, ...fields }: Fields): Fields {
  if (specific === undefined) return fields
  if (!isRecord(specific)) return { ...fields, provider_specific_fields: specific }
  const own = Object.entries(specific).filter(([name, value]) => !isDeepStrictEqual(value, fields[name]))
  return own.length === 0 ? fields : { ...fields, provider_specific_fields: Object.fromEntries(own) }
}

function fitting(fields: Fields, room: number): Fields {
  const byLength = Object.entries(fields)
    .map(([name, value]) => ({ name, length: JSON.stringify({ [name]: value }).length }))
    .toSorted((one, other) => one.length - other.length)
  let left = room
  const kept = new Set(byLength.filter(({ name, length }) => (name === fieldOnRequest ? length <= room : (left -= length) >= 0)).map(({ name }) => name))
  return Object.fromEntries(Object.entries(fields).filter(([name]) => kept.has(name)))
}
