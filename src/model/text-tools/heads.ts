import { markedName } from './marked-name.ts'
import { matchAt } from './match-at.ts'

/** A name before arguments that are JSON. */
export interface Head {
  readonly name: string
  readonly end: number
  /** Whether only the tokens of a model's template look so, and no words of a text. */
  readonly inTokens: boolean
}

const forms: readonly (readonly [head: RegExp, inTokens: boolean])[] = (
  [
    [`<｜tool▁call▁begin｜>\\s{0,4}(?:function\\s{0,4}<｜tool▁sep｜>)?\\s{0,4}${markedName}\\s{0,4}(?:<｜tool▁sep｜>)?\\s{0,4}(?:\`\`\`(?:json)?)?\\s{0,4}(?=\\{)`, true], // DeepSeek
    [`<\\|tool_call_begin\\|>\\s{0,4}${markedName}(?::\\d{1,6})?\\s{0,4}<\\|tool_call_argument_begin\\|>\\s{0,4}(?=\\{)`, true], // Kimi
    [`<\\|tool_call:begin\\|>[\\w-]{0,64}<\\|tool_call:name\\|>${markedName}<\\|tool_call:args\\|>\\s{0,4}(?=\\{)`, true], // Solar
    [`<\\|from\\|>assistant\\s{0,4}<\\|recipient\\|>\\s{0,4}${markedName}\\s{0,4}<\\|content\\|>\\s{0,4}(?=\\{)`, true], // Functionary
    [`\\[TOOL_CALLS\\]\\s{0,4}${markedName}(?:\\[CALL_ID\\][\\w-]{1,64})?(?:\\[ARGS\\])?\\s{0,4}(?=\\{)`, false], // Mistral
    [`<function=${markedName}>?\\s{0,4}(?=\\{)`, false], // Llama
    [`<tool_call>\\s{0,4}${markedName}\\s{0,4}\`\`\`(?:json)?\\s{0,4}(?=\\{)`, false], // Hunyuan
    [`(?:<tool_call>\\s{0,4}|<tool_use>\\s{0,4})<name>\\s{0,4}${markedName}\\s{0,4}</name>\\s{0,4}<(?:arguments|parameters|input)>\\s{0,4}(?=\\{)`, false],
    [`>>>${markedName}\\s{0,4}(?=\\{)`, false], // Functionary
    [`Action:[ \\t]{0,4}${markedName}[ \\t]{0,4}\\n\\s{0,4}Action Input:\\s{0,4}(?=\\{)`, false], // ReAct
  ] as const
).map(([head, inTokens]) => [new RegExp(head, 'y'), inTokens])

export function headAt(text: string, at: number): Head | undefined {
  for (const [form, inTokens] of forms) {
    const head = matchAt(form, text, at)
    const name = head?.groups?.['name']
    if (head !== undefined && name !== undefined) return { name: name.replace(/^functions\./, ''), end: head.end, inTokens }
  }
  return undefined
}

const bare = new RegExp(`^\\s{0,4}${markedName}\\[ARGS\\]\\s{0,4}$`)

/** The name that stands before a place on its line, where Mistral's server has left out its first mark: `search[ARGS]{…}`. */
export const bareHead = (before: string): string | undefined => bare.exec(before)?.groups?.['name']
