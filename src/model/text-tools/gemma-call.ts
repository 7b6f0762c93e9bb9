import { argumentsOf } from './call-in-json.ts'
import { jsonAt, type Meter } from './lenient-json.ts'
import type { Found, MarkedText } from './marked-text.ts'
import { matchAt } from './match-at.ts'

const opening = /(?:<\|tool_call>|<start_function_call>)\s{0,4}call:([\w.-]{1,64})(?=\{)/y

/** `<|tool_call>call:search{query:<|"|>tea<|"|>,page:2}`, as Gemma writes calls: keys without quotation marks, and texts between marks of their own. */
export function gemmaCallAt({ text, meter, next }: MarkedText, at: number): Found | undefined {
  const head = matchAt(opening, text, at)
  const name = head?.[1]
  if (head === undefined || name === undefined) return undefined
  const read = objectFrom(text, head.end, meter, next)
  if (read === undefined) return undefined
  const node = jsonAt(read.json, 0, meter)
  return node?.kind === 'object' ? { calls: [{ name, arguments: argumentsOf(node, read.json) }], end: read.end } : { end: read.end }
}

export const opensGemmaCall = (text: string, at: number): boolean => matchAt(opening, text, at) !== undefined

const quotes = ['<|"|>', '<escape>']
const key = /[A-Za-z_][\w-]{0,127}(?=\s{0,8}:)/y
const plain = /[^<>{}[\]"]/y

function objectFrom(text: string, start: number, meter: Meter, next: MarkedText['next']): { readonly json: string; readonly end: number } | undefined {
  const json: string[] = []
  let depth = 0
  let at = start
  while (meter.steps <= meter.limit) {
    const from = at
    const quote = quotes.find((one) => text.startsWith(one, at))
    const named = quote === undefined && !/\w/.test(text[at - 1] ?? '') ? matchAt(key, text, at) : undefined
    if (quote !== undefined) {
      const end = next(quote, at + quote.length)
      if (end < 0) return undefined
      json.push(JSON.stringify(text.slice(at + quote.length, end)))
      at = end + quote.length
    } else if (text[at] === '"') {
      const string = jsonAt(text, at, meter)
      if (string === undefined) return undefined
      at = string.end
      json.push(text.slice(from, at))
    } else if (named !== undefined) {
      json.push(JSON.stringify(named[0]))
      at = named.end
    } else {
      const sign = text[at] ?? ''
      if (sign === '{' || sign === '[') depth += 1
      else if (sign === '}' || sign === ']') depth -= 1
      else if (matchAt(plain, text, at) === undefined) return undefined
      json.push(sign)
      at += 1
      if (depth === 0) return { json: json.join(''), end: at }
    }
    meter.steps += at - from
  }
  return undefined
}
