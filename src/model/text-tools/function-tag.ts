import type { TextCall } from './call-in-json.ts'
import type { Meter } from './lenient-json.ts'
import { jsonOrText } from '../../protocol/json.ts'

export interface FunctionTag {
  readonly call: TextCall
  readonly end: number
}

const opening = /<function=\s{0,4}([\w.-]{1,64})\s{0,4}>\s{0,20}(?=<parameter=|<\/function>)/y
const parameter = /<parameter=\s{0,4}([\w.-]{1,64})\s{0,4}>/y
/** Where a value ends; some models leave its own end out. */
const endOfValue = /<\/parameter>|(?=\n<parameter=|\n?<\/function>\s{0,20}(?:<\/tool_call>|$))/g

/**
 * `<function=search><parameter=query>…</parameter></function>`, as Qwen's coding models write calls. All values are text in this form. If
 * the tool's schema wants something else than text, a value that is JSON is read as JSON.
 */
export function functionTagAt(text: string, start: number, meter: Meter, textParameters: (tool: string) => ReadonlySet<string>): FunctionTag | undefined {
  opening.lastIndex = start
  const name = opening.exec(text)?.[1]
  if (name === undefined) return undefined
  const asText = textParameters(name)
  const args: Record<string, unknown> = {}
  let at = opening.lastIndex
  for (;;) {
    parameter.lastIndex = at
    const key = parameter.exec(text)?.[1]
    if (key === undefined) break
    endOfValue.lastIndex = parameter.lastIndex
    const end = endOfValue.exec(text)
    meter.steps += (end === null ? text.length : end.index) - at
    if (end === null) return undefined
    const written = text.slice(parameter.lastIndex, end.index).replace(/^\n|\n$/g, '')
    args[key] = asText.has(key) ? written : jsonOrText(written)
    at = afterBlanks(text, end.index + end[0].length)
  }
  if (!text.startsWith('</function>', at)) return undefined
  return { call: { name, arguments: JSON.stringify(args) }, end: at + '</function>'.length }
}

function afterBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '-')) at += 1
  return at
}
