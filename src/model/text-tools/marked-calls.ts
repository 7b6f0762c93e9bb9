import type { ModelTool } from '../model.ts'
import { jsonOrText } from '../../protocol/json.ts'
import { keywordCalls } from './keyword-calls.ts'
import { textParameters } from './text-parameters.ts'

/**
 * Models' own forms of calls, where their servers leave them in the text, as the forms that are read from it: JSON on a line of its own, or a name before its
 * arguments. Of forms whose marks might be words of a text, only calls of tools that are offered are taken. All else stays as it is. Linear in the
 * text's length.
 */
export function withPlainCalls(text: string, tools: readonly ModelTool[]): string {
  if (!/[<[(]|\bAction Input:|>>>/.test(text)) return text
  const offered = new Set(tools.map(({ name }) => name))
  let plain = text
  for (const form of inElements) plain = withElements(plain, form, tools)
  for (const [head, onlyOffered] of heads) {
    plain = plain.replaceAll(head, (whole: string, ...rest: readonly unknown[]) => {
      const name = (rest.at(-1) as { readonly name: string }).name.replace(/^functions\./, '')
      return onlyOffered && !offered.has(name) ? whole : `\n[TOOL_CALLS]${name}[ARGS]`
    })
  }
  plain = plain.replaceAll(gemma, (_, name: string, args: string) => `\n[TOOL_CALLS]${name}[ARGS]${asJson(args)}\n`)
  plain = keywordCalls(plain, offered)
  return plain.replaceAll(marks, '\n')
}

const name = '(?<name>[\\w.-]{1,64})'

/** What stands before arguments that are JSON, and whether it may be words of a text. */
const heads: readonly (readonly [head: RegExp, onlyOffered: boolean])[] = [
  [new RegExp(`<｜tool▁call▁begin｜>\\s{0,4}(?:function\\s{0,4}<｜tool▁sep｜>)?\\s{0,4}${name}\\s{0,4}(?:<｜tool▁sep｜>)?\\s{0,4}(?:\`\`\`(?:json)?)?\\s{0,4}(?=\\{)`, 'g'), false], // DeepSeek
  [new RegExp(`<\\|tool_call_begin\\|>\\s{0,4}${name}(?::\\d{1,6})?\\s{0,4}<\\|tool_call_argument_begin\\|>\\s{0,4}(?=\\{)`, 'g'), false], // Kimi
  [new RegExp(`<\\|tool_call:begin\\|>[\\w-]{0,64}<\\|tool_call:name\\|>${name}<\\|tool_call:args\\|>\\s{0,4}(?=\\{)`, 'g'), false], // Solar
  [new RegExp(`\\[TOOL_CALLS\\]\\s{0,4}${name}\\[CALL_ID\\][\\w-]{1,64}\\[ARGS\\]\\s{0,4}(?=\\{)`, 'g'), false], // Mistral
  [new RegExp(`<tool_call>\\s{0,4}${name}\\s{0,4}\`\`\`(?:json)?\\s{0,4}(?=\\{)`, 'g'), false], // Hunyuan
  [new RegExp(`(?:<tool_call>\\s{0,4}|<tool_use>\\s{0,4})<name>\\s{0,4}${name}\\s{0,4}</name>\\s{0,4}<(?:arguments|parameters|input)>\\s{0,4}(?=\\{)`, 'g'), false],
  [new RegExp(`<\\|from\\|>assistant\\s{0,4}<\\|recipient\\|>\\s{0,4}${name}\\s{0,4}<\\|content\\|>\\s{0,4}(?=\\{)`, 'g'), true], // Functionary
  [new RegExp(`^[ \\t]{0,4}>>>${name}\\s{0,4}(?=\\{)`, 'gm'), true], // Functionary
  [new RegExp(`^[ \\t]{0,4}Action:[ \\t]{0,4}${name}[ \\t]{0,4}\\n\\s{0,4}Action Input:\\s{0,4}(?=\\{)`, 'gm'), true], // ReAct
]

/** Frames that the reader of calls does not know, around what it reads. */
const marks = /<\/?｜(?:DSML｜(?:function_calls|tool_calls)|tool▁calls?▁(?:begin|end)|tool▁outputs?▁(?:begin|end))｜?>|<\|tool_calls?_(?:section_)?(?:begin|end|start)\|>|<\|tool_calls?:(?:begin|end)\|>|<\/?(?:minimax|seed):tool_call>|<\/?TOOLCALL>|<\|(?:action_start|action_end|plugin|START_ACTION|END_ACTION|tools_prefix|tools_suffix|python_start|python_end|\/tool_call)\|>|<\/?(?:tool_use|longcat_tool_call)>|<(?:start|end)_function_call>|<\/(?:arguments|parameters|input)>(?=\s{0,4}<\/tool_(?:call|use)>)|\bfunctools(?=\[\{)/g

/** Arguments as elements, each of which names its own. */
interface InElements {
  readonly opening: RegExp
  readonly closing: string
  /** With `key` and `value`, and `kind` where it says whether the value is a text. */
  readonly argument: RegExp
  readonly onlyOffered: boolean
}

const inElements: readonly InElements[] = [
  { opening: new RegExp(`<｜DSML｜invoke name="${name}"\\s{0,4}>`, 'g'), closing: '</｜DSML｜invoke>', argument: /\s*<｜DSML｜parameter name="(?<key>[^"]{1,128})"(?: string="(?<kind>true|false)")?\s*>(?<value>[^]*?)<\/｜DSML｜parameter>/y, onlyOffered: false }, // DeepSeek
  { opening: new RegExp(`<invoke name="${name}"\\s{0,4}>`, 'g'), closing: '</invoke>', argument: /\s*<parameter name="(?<key>[^"]{1,128})"\s*>(?<value>[^]*?)<\/parameter>/y, onlyOffered: false }, // MiniMax, Claude
  { opening: new RegExp(`<function name="${name}"\\s{0,4}>`, 'g'), closing: '</function>', argument: /\s*<param(?:eter)? name="(?<key>[^"]{1,128})"\s*>(?<value>[^]*?)<\/param(?:eter)?>/y, onlyOffered: true },
  { opening: new RegExp(`<tool_call>\\s{0,4}${name}\\s{0,4}(?=<arg_key>|</tool_call>)`, 'g'), closing: '</tool_call>', argument: /\s*<arg_key>(?<key>[^<]{1,128})<\/arg_key>\s*<arg_value>(?<value>[^]*?)<\/arg_value>/y, onlyOffered: true }, // GLM
  { opening: new RegExp(`<longcat_tool_call>\\s{0,4}${name}\\s{0,4}`, 'g'), closing: '</longcat_tool_call>', argument: /\s*<longcat_arg_key>(?<key>[^<]{1,128})<\/longcat_arg_key>\s*<longcat_arg_value>(?<value>[^]*?)<\/longcat_arg_value>/y, onlyOffered: false }, // LongCat
]

/** What is not whole, or holds something else than arguments, stays as it is. */
function withElements(text: string, { opening, closing, argument, onlyOffered }: InElements, tools: readonly ModelTool[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { 0: whole, index, groups } of text.matchAll(opening)) {
    if (index < from) continue
    const called = groups?.['name'] ?? ''
    const begin = index + whole.length
    const end = text.indexOf(closing, begin)
    if (end < 0) break
    if (onlyOffered && !tools.some((tool) => tool.name === called)) continue
    const args = argumentsIn(text.slice(begin, end), argument, textParameters(tools, called))
    if (args === undefined) continue
    pieces.push(text.slice(from, index), `\n${JSON.stringify({ name: called, arguments: args })}\n`)
    from = end + closing.length
  }
  return pieces.join('') + text.slice(from)
}

function argumentsIn(body: string, argument: RegExp, asText: ReadonlySet<string>): Readonly<Record<string, unknown>> | undefined {
  const args: [string, unknown][] = []
  let at = 0
  for (;;) {
    argument.lastIndex = at
    const found = argument.exec(body)
    if (found === null) break
    const { key = '', value = '', kind } = found.groups ?? {}
    const written = value.replaceAll(/^\n|\n$/g, '')
    args.push([key.trim(), kind === 'true' || (kind === undefined && asText.has(key.trim())) ? written : jsonOrText(written)])
    at = argument.lastIndex
  }
  return body.slice(at).trim() === '' ? Object.fromEntries(args) : undefined
}

/** `call:search{query:<|"|>tea<|"|>,page:2}` */
const gemma = /(?:<\|tool_call>|<start_function_call>)\s{0,4}call:([\w.-]{1,64})(\{(?:<\|"\|>(?:(?!<\|"\|>)[^]){0,16000}<\|"\|>|<escape>(?:(?!<escape>)[^]){0,16000}<escape>|[^<])*\})(?:<tool_call\|>|<end_function_call>|$)/g

/** Keys without quotation marks, and texts between marks of their own. */
function asJson(args: string): string {
  const token = /(?:<\|"\|>|<escape>)([^]*?)(?:<\|"\|>|<escape>)|("(?:[^"\\]|\\.)*")|([A-Za-z_][\w-]*)(?=\s*:)/g
  return args.replaceAll(token, (_, text: string | undefined, quoted: string | undefined, key: string | undefined) => quoted ?? JSON.stringify(text ?? key))
}
