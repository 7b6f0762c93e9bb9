import type { ChatMessage, ChatModel } from '../model/model.ts'
import { countRequestTokens, countTokens } from '../model/tokens.ts'
import { characterAt } from '../protocol/characters.ts'
import type { Sampling } from '../protocol/sampling.ts'
import type { StepUsage, StoredMessage } from '../protocol/messages.ts'
import { transcriptLines } from '../prompt/transcript.ts'
import { beginningOf } from '../protocol/well-formed.ts'

/** Share of the window that the transcript of one summarising call may take; the rest is for instructions, summary and reply. */
const transcriptShare = 0.5

/** Share of the window that a summary may take together with what the model thinks before it writes. */
const thinkingShare = 0.4

const instructions = `You write the recursive summary of a conversation whose older part leaves the context of an agent. You get the present summary and the
messages that leave. Write the new summary, which replaces the present one and includes it: who the user is, facts, decisions, promises, open questions, what the
agent has done and what it saved where. Keep names, numbers and dates. Plain sentences, no preamble.`

export interface Summarised {
  readonly text: string
  /** The usage of all calls of the model together; absent if no model made the text. */
  readonly usage?: StepUsage
}

/**
 * The recursive summary (paper section 2.2): the earlier summary and the messages that leave, in one text. Messages that are
 * too many for one call are summarised chunk by chunk, each on top of the last.
 * @throws whatever the model throws; Error for an empty summary
 */
export async function summarise(options: {
  readonly model: ChatModel
  readonly modelName: string
  readonly contextWindow: number
  readonly sampling?: Sampling
  readonly maxTokens: number
  readonly earlier: string | undefined
  readonly messages: readonly StoredMessage[]
  readonly signal: AbortSignal
}): Promise<Required<Summarised>> {
  const { model, modelName, contextWindow, maxTokens, messages, signal } = options
  const { maxOutputTokens = model.usualOutputTokens ?? Infinity, ...sampling } = options.sampling ?? {}
  let summary = options.earlier
  let usage: StepUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
  for (const chunk of chunks(messages.flatMap(transcriptLines), Math.floor(contextWindow * transcriptShare))) {
    const request: ChatMessage[] = [
      { role: 'system', content: `${instructions}\nAt most ${Math.floor(maxTokens * 0.7)} words; in a script without spaces, ${maxTokens} characters.` },
      { role: 'user', content: `<summary>\n${summary ?? '(none yet)'}\n</summary>\n<messages>\n${chunk.join('\n')}\n</messages>` },
    ]
    let text = ''
    const most = Math.max(maxTokens, Math.floor(contextWindow * thinkingShare))
    for (let room = maxTokens; ; room = Math.min(most, room * 4)) {
      const reply = await model.complete({ model: modelName, messages: request, tools: [], maxOutputTokens: Math.min(room, maxOutputTokens), ...(options.sampling && { sampling }) }, signal)
      text = reply.text.trim()
      usage = sum(usage, reply.usage ?? estimatedUsage(request, text))
      // Thinking has eaten the room: it is asked for again with more.
      if (text !== '' || reply.finishReason !== 'length' || room >= most) break
    }
    if (text === '') throw new Error('the model wrote an empty summary')
    summary = shortened(text, maxTokens)
  }
  return { text: summary ?? '', usage }
}

function estimatedUsage(request: readonly ChatMessage[], text: string): StepUsage {
  return { promptTokens: countRequestTokens({ messages: request, tools: [] }), cachedTokens: 0, completionTokens: countTokens(text) }
}

function sum(one: StepUsage, other: StepUsage): StepUsage {
  return {
    promptTokens: one.promptTokens + other.promptTokens,
    cachedTokens: one.cachedTokens + other.cachedTokens,
    completionTokens: one.completionTokens + other.completionTokens,
  }
}

/** The summary by rules, if the model fails: the earlier summary, and the user's last words among the messages that leave. */
export function fallbackSummary(options: { readonly earlier: string | undefined; readonly messages: readonly StoredMessage[]; readonly maxTokens: number }): string {
  const { earlier, messages, maxTokens } = options
  const said = messages.filter(({ role }) => role === 'user').map(({ text, at }) => `- ${at.slice(0, 10)} the user: ${beginningOf(text.replaceAll(/\s+/g, ' '), 160)}`)
  const half = Math.floor(maxTokens / 2)
  const kept: string[] = []
  for (const line of said.reverse()) {
    if (countTokens([line, ...kept].join('\n')) > half) break
    kept.unshift(line)
  }
  const head = `${messages.length} messages left the context unsummarised; conversation_search finds them.`
  return [shortened(earlier ?? '', half), head, ...kept].filter((part) => part !== '').join('\n')
}

function chunks(lines: readonly string[], maxTokens: number): string[][] {
  const all: string[][] = []
  let tokens = Infinity
  for (const line of lines) {
    const size = countTokens(line) + 1
    if (tokens + size > maxTokens) {
      all.push([])
      tokens = 0
    }
    all.at(-1)?.push(line)
    tokens += size
  }
  return all
}

/** As much of a text as fits: up to a sentence's end, else a word's, where one is near the limit; scripts without spaces are cut anywhere. */
export function shortened(text: string, maxTokens: number): string {
  if (countTokens(text) <= maxTokens) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (countTokens(text.slice(0, middle)) <= maxTokens - 1) low = middle
    else high = middle - 1
  }
  const fitting = text.slice(0, characterAt(text, low))
  const ends = [/^[^]*(?:[.!?…]["'”’)\]]*(?=\s)|[。！？]["'”’」』)）\]]*|\n)/u, /^[^]*(?=\s)/u].map((pattern) => pattern.exec(fitting)?.[0] ?? '')
  const whole = ends.find((part) => part.length > fitting.length * 0.8) ?? fitting
  return `${whole.trimEnd()}…`
}
