import { jsonOrText } from '../../protocol/json.ts'
import { afterBlanks, type Found, type MarkedText } from './marked-text.ts'
import { markedName } from './marked-name.ts'
import { textParameters } from './text-parameters.ts'
import { matchAt } from './match-at.ts'

/** Arguments as elements, each of which names its own. */
interface Elements {
  readonly opening: RegExp
  readonly closing: string
  /** What stands before a value: with `key`, and `kind` where it says whether the value is a text. */
  readonly argument: RegExp
  readonly endOfValue: string
  /** Whether only the tokens of a model's template look so, and no words of a text. */
  readonly inTokens?: true
}

const forms: readonly Elements[] = [
  { opening: new RegExp(`<｜DSML｜invoke name="${markedName}"\\s{0,4}>`, 'y'), closing: '</｜DSML｜invoke>', argument: /<｜DSML｜parameter name="(?<key>[^"]{1,128})"(?: string="(?<kind>true|false)")?\s{0,4}>/y, endOfValue: '</｜DSML｜parameter>', inTokens: true }, // DeepSeek
  { opening: new RegExp(`<invoke name="${markedName}"\\s{0,4}>`, 'y'), closing: '</invoke>', argument: /<parameter name="(?<key>[^"]{1,128})"\s{0,4}>/y, endOfValue: '</parameter>' }, // MiniMax, Claude
  { opening: new RegExp(`<function name="${markedName}"\\s{0,4}>`, 'y'), closing: '</function>', argument: /<param name="(?<key>[^"]{1,128})"\s{0,4}>/y, endOfValue: '</param>' },
  { opening: new RegExp(`<function name="${markedName}"\\s{0,4}>`, 'y'), closing: '</function>', argument: /<parameter name="(?<key>[^"]{1,128})"\s{0,4}>/y, endOfValue: '</parameter>' },
  { opening: new RegExp(`<tool_call>\\s{0,4}${markedName}\\s{0,4}(?=<arg_key>|</tool_call>)`, 'y'), closing: '</tool_call>', argument: /<arg_key>(?<key>[^<]{1,128})<\/arg_key>\s{0,8}<arg_value>/y, endOfValue: '</arg_value>' }, // GLM
  { opening: new RegExp(`<longcat_tool_call>\\s{0,4}${markedName}\\s{0,4}(?=<longcat_arg_key>|</longcat_tool_call>)`, 'y'), closing: '</longcat_tool_call>', argument: /<longcat_arg_key>(?<key>[^<]{1,128})<\/longcat_arg_key>\s{0,8}<longcat_arg_value>/y, endOfValue: '</longcat_arg_value>' }, // LongCat
]

/** What is not whole, or holds something else than arguments, is nothing. */
export function elementCallAt(marked: MarkedText, at: number): Found | undefined {
  for (const form of forms) {
    const head = matchAt(form.opening, marked.text, at)
    const name = head?.groups?.['name']
    if (head === undefined || name === undefined) continue
    const read = argumentsFrom(marked, head.end, name, form)
    if (read === undefined) continue
    return form.inTokens || marked.offered.has(name) ? { calls: [{ name, arguments: JSON.stringify(read.args) }], end: read.end } : { end: read.end }
  }
  return undefined
}

export const opensElementCall = (text: string, at: number): boolean => forms.some(({ opening }) => matchAt(opening, text, at) !== undefined)

function argumentsFrom({ text, tools, meter, next }: MarkedText, start: number, name: string, { closing, argument, endOfValue }: Elements): { readonly args: Readonly<Record<string, unknown>>; readonly end: number } | undefined {
  const asText = textParameters(tools, name)
  const args: [string, unknown][] = []
  let at = afterBlanks(text, start)
  while (!text.startsWith(closing, at)) {
    const opened = matchAt(argument, text, at)
    const { key, kind } = opened?.groups ?? {}
    if (opened === undefined || key === undefined || meter.steps > meter.limit) return undefined
    const end = next(endOfValue, opened.end)
    if (end < 0) return undefined
    const written = text.slice(opened.end, end).replaceAll(/^\n|\n$/g, '')
    args.push([key.trim(), kind === 'true' || (kind === undefined && asText.has(key.trim())) ? written : jsonOrText(written)])
    const further = afterBlanks(text, end + endOfValue.length)
    meter.steps += further - at
    at = further
  }
  return { args: Object.fromEntries(args), end: at + closing.length }
}
