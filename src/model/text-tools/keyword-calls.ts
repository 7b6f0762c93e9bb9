import type { TextCall } from './call-in-json.ts'
import { afterBlanks, type Found, type MarkedText } from './marked-text.ts'
import type { Meter } from './lenient-json.ts'
import { matchAt } from './match-at.ts'

/** Calls in the form of Python stand alone in a list, in a fence or within marks. */
const frames: readonly RegExp[] = [
  /\[(?=[A-Za-z_][\w.]{0,63}\()/y, // Llama, LFM2
  /<function_calls>\s{0,4}(?=[A-Za-z_][\w.]{0,63}\()/y, // Olmo
  /```tool_code\s{0,4}(?=(?:print\()?[A-Za-z_][\w.]{0,63}\()/y, // Gemma
]

/** `[search(query="tea", page=2)]`; only of tools that are offered. What is not whole, or is no list of calls alone, is nothing. */
export function keywordCallsAt({ text, offered, meter }: MarkedText, at: number): Found | undefined {
  const start = afterOpening(text, at)
  return start === undefined ? undefined : callsFrom(text, start, offered, meter)
}

export const opensKeywordCalls = (text: string, at: number): boolean => afterOpening(text, at) !== undefined

function afterOpening(text: string, at: number): number | undefined {
  for (const frame of frames) {
    const opened = matchAt(frame, text, at)
    if (opened !== undefined) return opened.end
  }
  return undefined
}

const called = /\s{0,8}(?:print\()?([A-Za-z_][\w.]{0,63})\(\s{0,8}/y
const keyword = /\s{0,8}([A-Za-z_]\w{0,63})\s{0,4}=\s{0,4}/y
const between = /\s{0,8},?\s{0,8}/y
/** Brackets and marks behind the last call. */
const behind = /(?:\s{0,8}\))?(?:\s{0,8}\])?(?:\s{0,8}(?:<\|(?:tool_call_end|python_end)\|>|<\/function_calls>|```))?/y

function callsFrom(text: string, start: number, offered: ReadonlySet<string>, meter: Meter): Found | undefined {
  const calls: TextCall[] = []
  let [at, end] = [start, start]
  for (;;) {
    const head = matchAt(called, text, at)
    const name = head?.[1]
    if (head === undefined || name === undefined) break
    meter.steps += head.end - at
    at = head.end
    const args: string[] = []
    while (text[at] !== ')') {
      const before = matchAt(keyword, text, at)
      const key = before?.[1]
      if (before === undefined || key === undefined) return undefined
      const value = valueAt(text, before.end, meter)
      if (value === undefined) return undefined
      args.push(`${JSON.stringify(key)}: ${value.json}`)
      at = afterComma(text, value.end)
    }
    calls.push({ name, arguments: `{${args.join(', ')}}` })
    end = at + 1
    at = afterComma(text, end)
  }
  if (calls.length === 0) return undefined
  const closed = matchAt(behind, text, end)?.end ?? end
  return calls.every(({ name }) => offered.has(name)) ? { calls, end: closed } : { end: closed }
}

const afterComma = (text: string, at: number): number => matchAt(between, text, at)?.end ?? at

const word = /True|False|None|-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' }
/** Lists and tables stand within one another no deeper. */
const deepest = 32

interface Value {
  readonly json: string
  readonly end: number
}

function valueAt(text: string, at: number, meter: Meter, depth = 0): Value | undefined {
  if (meter.steps > meter.limit) return undefined
  const plain = matchAt(word, text, at)
  meter.steps += plain?.[0].length ?? 1
  if (plain !== undefined) return { json: words[plain[0]] ?? plain[0].replaceAll('_', ''), end: plain.end }
  if (text[at] === '"' || text[at] === "'") return stringAt(text, at, meter)
  const open = text[at]
  if ((open !== '[' && open !== '{') || depth >= deepest) return undefined
  const close = open === '[' ? ']' : '}'
  const items: string[] = []
  let place = afterBlanks(text, at + 1)
  while (text[place] !== close) {
    const first = valueAt(text, place, meter, depth + 1)
    if (first === undefined) return undefined
    place = afterBlanks(text, first.end)
    if (open === '{') {
      const second = text.charAt(place) === ':' ? valueAt(text, afterBlanks(text, place + 1), meter, depth + 1) : undefined
      if (second === undefined) return undefined
      items.push(`${first.json}: ${second.json}`)
      place = afterBlanks(text, second.end)
    } else items.push(first.json)
    if (text[place] === ',') place = afterBlanks(text, place + 1)
    else if (text[place] !== close) return undefined
  }
  return { json: open + items.join(', ') + close, end: place + 1 }
}

function stringAt(text: string, at: number, meter: Meter): Value | undefined {
  const sign = text.charAt(at)
  const quote = text.startsWith(sign.repeat(3), at) ? sign.repeat(3) : sign
  const begin = at + quote.length
  let to = begin
  while (to < text.length && !text.startsWith(quote, to) && (quote !== sign || text[to] !== '\n')) to += text[to] === '\\' ? 2 : 1
  meter.steps += to - at
  if (!text.startsWith(quote, to)) return undefined
  const meant = text.slice(begin, to).replaceAll(/\\(?:u([\da-fA-F]{4})|([^]))/g, (whole, hex: string | undefined, escaped: string | undefined) => (hex === undefined ? (escapes[escaped ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16))))
  return { json: JSON.stringify(meant), end: to + quote.length }
}
