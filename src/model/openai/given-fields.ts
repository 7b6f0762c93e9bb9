import { isRecord } from '../../protocol/is-record.ts'
import { jsonText } from '../../protocol/json.ts'
import { limits } from '../../protocol/limits.ts'

/*
 * What endpoints give beside a message, or beside one of its calls, and want back with it: signatures and reasoning, readable by the endpoint
 * alone. They are kept as JSON, and nothing here looks into them.
 */

/** Of a message: OpenRouter; Gemini; LiteLLM, Anthropic behind it; Copilot, Gemini behind it; DeepSeek and others, whose field is sent back only where it is asked for. */
const messageFields = ['reasoning_details', 'extra_content', 'thinking_blocks', 'provider_specific_fields', 'reasoning_opaque', 'reasoning_content'] as const
/** Of a call: Gemini; LiteLLM; gateways. */
const callFields = ['extra_content', 'provider_specific_fields', 'thought_signature'] as const

type Fields = Readonly<Record<string, unknown>>

export const givenWithMessage = (message: Fields): string | undefined => given(message, messageFields)
export const givenWithCall = (call: Fields): string | undefined => given(call, callFields)

/** As JSON; undefined where there is none, or more of it, or deeper, than an endpoint could want. */
function given(from: Fields, names: readonly string[]): string | undefined {
  const found = names.flatMap((name) => (isEmpty(from[name]) ? [] : [[name, from[name]]]))
  if (found.length === 0) return undefined
  const json = jsonText(Object.fromEntries(found))
  return json !== undefined && json.length <= limits.givenCharacters ? json : undefined
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0)

/** The same fields of an answer that comes in pieces. */
export function givenInPieces(kind: 'message' | 'call'): { readonly take: (delta: Fields) => void; readonly whole: () => Fields } {
  // Reasoning as text comes to the reader of the stream, which joins it.
  const names: readonly string[] = kind === 'call' ? callFields : messageFields.filter((name) => name !== 'reasoning_content')
  const whole: Record<string, unknown> = {}
  return {
    take: (delta) => {
      for (const name of names) {
        const piece = delta[name]
        if (!isEmpty(piece)) whole[name] = joined(whole[name], piece)
      }
    },
    whole: () => whole,
  }
}

function joined(before: unknown, piece: unknown): unknown {
  if (Array.isArray(piece)) return piece.reduce<readonly unknown[]>(withItem, Array.isArray(before) ? before : [])
  return isRecord(before) && isRecord(piece) ? { ...before, ...piece } : piece
}

/** Texts of an item that come in pieces. Signatures come whole. */
const written = new Set(['text', 'summary', 'data', 'thinking'])

/** An item goes on where its index is known; without indices, where the last one is of its type and has no signature yet. */
function withItem(items: readonly unknown[], piece: unknown): readonly unknown[] {
  if (!isRecord(piece)) return [...items, piece]
  const isOf = (item: unknown): boolean => isRecord(item) && item['type'] === piece['type'] && item['index'] === piece['index']
  const place = piece['index'] === undefined ? (isOpen(items.at(-1)) && isOf(items.at(-1)) ? items.length - 1 : -1) : items.findIndex(isOf)
  const item = items[place]
  return isRecord(item) ? items.with(place, withPiece(item, piece)) : [...items, piece]
}

const isOpen = (item: unknown): boolean => isRecord(item) && isEmpty(item['signature'])

function withPiece(item: Fields, piece: Fields): Fields {
  const stated = Object.entries(piece).filter(([, value]) => !isEmpty(value))
  return { ...item, ...Object.fromEntries(stated.map(([name, value]) => [name, written.has(name) && typeof value === 'string' && typeof item[name] === 'string' ? item[name] + value : value])) }
}
