import { argumentsOf } from './call-in-json.ts'
import { jsonAt, type Meter } from './lenient-json.ts'
import type { Found, MarkedText } from './marked-text.ts'

const opening = /(?:<\|tool_call>|<start_function_call>)\s{0,4}call:([\w.-]{1,64})(?=\{)/y

/** `<|tool_call>call:search{query:<|"|>tea<|"|>,page:2}`, as Gemma writes calls: keys without quotation marks, and texts between marks of their own. */
export function gemmaCallAt({ text, meter, next }: MarkedText, at: number): Found | undefined {
  opening.lastIndex = at
  const name = opening.exec(text)?.[1]
  if (name === undefined) return undefined
  const read = objectFrom(text, opening.lastIndex, meter, next)
  if (read === undefined) return undefined
  const node = jsonAt(read.json, 0, meter)
  return node?.kind === 'object' ? { calls: [{ name, arguments: argumentsOf(node, read.json) }], end: read.end } : { end: read.end }
}

export function opensGemmaCall(text: string, at: number): boolean {
  opening.lastIndex = at
  return opening.test(text)
}

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
    key.lastIndex = plain.lastIndex = at
    const named = quote === undefined && !/\w/.test(text[at - 1] ?? '') ? key.exec(text)?.[0] : undefined
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
      json.push(JSON.stringify(named))
      at = key.lastIndex
    } else {
      const sign = text[at] ?? ''
      if (sign === '{' || sign === '[') depth += 1
      else if (sign === '}' || sign === ']') depth -= 1
      else if (!plain.test(text)) return undefined
      json.push(sign)
      at += 1
      if (depth === 0) return { json: json.join(''), end: at }
    }
    meter.steps += at - from
  }
  return undefined
}
