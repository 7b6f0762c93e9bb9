import type { StepPrompt } from '../../../clients/typescript/src/index.ts'

export type Request = StepPrompt['request']
export type Message = Request['messages'][number]

/** How much of a prompt stands at its beginning just as in an earlier one. Providers cache prompts by their beginning: tools first, then messages. */
export interface SharedBeginning {
  /** Whole messages. */
  readonly messages: number
  /** Between 0 and 1, by length. */
  readonly share: number
  /** Why not even the first message is shared, as far as it can be told. */
  readonly broken?: 'model' | 'tools'
}

export function sharedBeginning(before: Request, after: Request): SharedBeginning {
  if (before.model !== after.model) return { messages: 0, share: 0, broken: 'model' }
  const tools = JSON.stringify(after.tools)
  if (JSON.stringify(before.tools) !== tools) return { messages: 0, share: 0, broken: 'tools' }
  const texts = after.messages.map((message) => JSON.stringify(message))
  const earlier = before.messages.map((message) => JSON.stringify(message))
  const differs = texts.findIndex((text, index) => text !== earlier[index])
  const messages = differs < 0 ? texts.length : differs
  const part = differs < 0 ? 0 : sharedLength(earlier[differs] ?? '', texts[differs] ?? '')
  const length = (some: readonly string[]): number => some.reduce((sum, text) => sum + text.length, tools.length)
  return { messages, share: (length(texts.slice(0, messages)) + part) / length(texts) }
}

function sharedLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

/** One thing of which a prompt is made, and which is another one than in an earlier prompt. */
export interface PartChange {
  readonly what: string
  readonly before: string
  readonly after: string
}

export function partChanges(before: StepPrompt, after: StepPrompt): readonly PartChange[] {
  const one = partsOf(before)
  const other = partsOf(after)
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((what) => {
    const [was, is] = [one.get(what) ?? '–', other.get(what) ?? '–']
    return was === is ? [] : [{ what, before: was, after: is }]
  })
}

const number = (value: number): string => value.toLocaleString('en')

function partsOf({ request, madeOf, contextWindow }: StepPrompt): ReadonlyMap<string, string> {
  const { definition, blockVersions, statistics, summary, queue } = madeOf
  const messages = queue.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  return new Map([
    ['Model', request.model],
    ['Context window', `${number(contextWindow)} tokens`],
    ['Room for the answer', `${number(request.maxOutputTokens)} tokens`],
    ['Sampling', JSON.stringify(request.sampling ?? {})],
    ['Definition', `version ${definition}`],
    ...Object.entries(blockVersions).map(([label, version]) => [`Block ${label}`, version === 0 ? 'its first value' : `version ${version}`] as const),
    ['Tools', request.tools.map(({ name }) => name).join(', ')],
    ['Messages outside', number(statistics.evicted)],
    ['Passages', statistics.passages === undefined ? 'archival memory away' : number(statistics.passages)],
    ['Documents', number(statistics.documents ?? 0)],
    ['Summary', summary === undefined ? 'none' : summary.slice(summary.indexOf('/') + 1)],
    ['Messages', `${number(messages)}: ${queue.map(([from, to]) => (from === to ? `#${from}` : `#${from}–#${to}`)).join(', ')}`],
  ])
}
