import { escapeAt } from './escape-at.ts'
import { matchAt } from './match-at.ts'

/** A value with its place in the text, so that the model's own writing can be handed on unchanged. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, node: JsonNode])[] }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
)

/** Counts the characters that were read, also repeatedly. Above the limit reading stops. */
export interface Meter {
  steps: number
  readonly limit: number
}

const deepest = 64
const words: readonly (readonly [string, boolean | null])[] = [['true', true], ['false', false], ['null', null], ['True', true], ['False', false], ['None', null]]
/** Of JavaScript: values that are none. */
const loosely: readonly (readonly [string, null])[] = [['undefined', null], ['NaN', null]]
const number = /-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,5})?/y

/**
 * Reads the JSON value that begins at `start`. Besides JSON it accepts what small models write: single quotes, a comma before the end, line
 * breaks within strings, backslashes that begin no escape, Python's words. Undefined for anything else, and for values that are nested
 * deeper than 64.
 * @param loose  what stands here is surely meant as JSON, and is read as JavaScript too: names without quotes, comments, and the quotes, commas and colons of
 * other keyboards. A text that only may hold a call is not read so: what is written in it would be taken for one.
 */
export function jsonAt(text: string, start: number, meter: Meter, { loose = false } = {}): JsonNode | undefined {
  let at = start

  const step = (to: number): void => {
    meter.steps += Math.max(1, to - at)
    at = to
  }
  const blanks = (): void => {
    for (;;) {
      while ((loose ? ' \t\r\n\u00a0\u3000\ufeff' : ' \t\r\n').includes(text[at] ?? '-')) step(at + 1)
      const note = loose && text[at] === '/' ? matchAt(comment, text, at) : undefined
      if (note === undefined) return
      step(note.end)
    }
  }
  const skip = (sign: string): boolean => {
    blanks()
    if (text[at] !== sign && !(loose && text[at] === fullWidth[sign])) return false
    step(at + 1)
    return true
  }

  function value(depth: number): JsonNode | undefined {
    blanks()
    if (meter.steps > meter.limit || depth > deepest) return undefined
    const sign = text[at]
    if (sign === '{') return object(depth)
    if (sign === '[') return list(depth)
    return stringAt() ?? word()
  }

  function object(depth: number): JsonNode | undefined {
    const from = at
    const members: (readonly [string, JsonNode])[] = []
    step(at + 1)
    while (!skip('}')) {
      const key = stringAt() ?? nameAt()
      if (key === undefined || !skip(':')) return undefined
      const node = value(depth + 1)
      if (node === undefined) return undefined
      members.push([nameIn(key.value), node])
      if (!skip(',') && text[at] !== '}') return undefined
    }
    return { kind: 'object', start: from, end: at, members }
  }

  function list(depth: number): JsonNode | undefined {
    const from = at
    const items: JsonNode[] = []
    step(at + 1)
    while (!skip(']')) {
      const node = value(depth + 1)
      if (node === undefined) return undefined
      items.push(node)
      if (!skip(',') && text[at] !== ']') return undefined
    }
    return { kind: 'list', start: from, end: at, items }
  }

  function nameAt(): { readonly value: string } | undefined {
    const name = loose ? matchAt(bareName, text, at) : undefined
    if (name === undefined) return undefined
    step(name.end)
    return { value: name[0] }
  }

  function stringAt(): (JsonNode & { readonly value: string }) | undefined {
    const quote = text[at] ?? ''
    if (quote === '"' || quote === "'") return string(quote)
    return loose && quote === '“' ? string('”') : undefined
  }

  function string(quote: string): (JsonNode & { readonly value: string }) | undefined {
    const from = at
    let read = ''
    step(at + 1)
    for (;;) {
      const to = endOfPlain(text, at, quote)
      read += text.slice(at, to)
      step(to)
      const sign = text[at]
      if (sign === undefined || meter.steps > meter.limit) return undefined
      if (sign === quote) {
        step(at + 1)
        return { kind: 'plain', start: from, end: at, value: read }
      }
      const escape = escapeAt(text, at)
      if (escape === undefined) return undefined
      read += escape.text
      step(at + escape.length)
    }
  }

  function word(): JsonNode | undefined {
    const from = at
    const known = [...words, ...(loose ? loosely : [])].find(([written]) => text.startsWith(written, from))
    const written = known?.[0] ?? matchAt(number, text, from)?.[0]
    if (written === undefined) return undefined
    step(from + written.length)
    return { kind: 'plain', start: from, end: at, value: known === undefined ? Number(written) : known[1] }
  }

  return value(0)
}

/** A note runs to the end of its line, or to its own end. */
const comment = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/)){0,2000}\*\//y
const bareName = /[A-Za-z_$][\w$]{0,63}(?=\s{0,4}:)/y
const fullWidth: Readonly<Record<string, string>> = { ':': '：', ',': '，' }

function endOfPlain(text: string, from: number, quote: string): number {
  let to = from
  while (to < text.length && text[to] !== quote && text[to] !== '\\') to += 1
  return to
}

/** Some models write a name as Markdown wants it, `send\_message`. No name has a backslash. */
export const nameIn = (text: string): string => text.replaceAll('\\_', '_')

/** The value itself. */
export function valueOf(node: JsonNode): unknown {
  if (node.kind === 'plain') return node.value
  if (node.kind === 'list') return node.items.map(valueOf)
  return Object.fromEntries(node.members.map(([key, member]) => [key, valueOf(member)]))
}
