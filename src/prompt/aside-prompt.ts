import type { ChatMessage } from '../model/model.ts'
import { countRequestTokens, countTokens } from '../model/tokens.ts'
import type { AsideMessage } from '../protocol/aside.ts'
import { renderCoreMemory, renderStatistics } from './core-memory.ts'
import type { MessageParts } from './render-prompt.ts'
import { transcriptLines } from './transcript.ts'

const askedAside = `You are asked something aside from your conversation, by a program or by a person. Answer from what is known to you, which follows. Neither the
question nor your answer is remembered by you. You have no tools here. Write the answer itself, as plain text.`

/**
 * The prompt of an aside: the agent's main context as a text that the model reads, and what is asked. The conversation is no chat of its own here:
 * of a chat with calls in it many endpoints demand the tools, and a model that saw them would call them.
 * @param tokens at most so many, as counted here; the oldest of the conversation is left out first
 * @returns undefined where even without any of the conversation it has more
 */
export function asidePrompt({ definition: { instructions }, blocks, statistics, summary, queue }: MessageParts, asked: readonly AsideMessage[], tokens: number): readonly ChatMessage[] | undefined {
  const parts = [askedAside, instructions, renderCoreMemory(blocks), renderStatistics(statistics), ...(summary === undefined ? [] : [`<summary>\n${summary.text}\n</summary>`])]
  const brought = asked.filter(({ role }) => role === 'system').map(({ text }) => text)
  const said = asked.flatMap(({ role, text }): ChatMessage[] => (role === 'system' ? [] : [role === 'user' ? { role, content: text } : { role, content: text, toolCalls: [] }]))
  const promptWith = (lines: readonly string[]): readonly ChatMessage[] => {
    const conversation = lines.length === 0 ? [] : [`<conversation>\n${lines.join('\n')}\n</conversation>`]
    return [{ role: 'system', content: [...parts, ...conversation, ...brought].filter((part) => part !== '').join('\n\n') }, ...said]
  }
  const left = tokens - countRequestTokens({ messages: promptWith(['']), tools: [] })
  return left < 0 ? undefined : promptWith(latestWithin(queue.flatMap(transcriptLines), left))
}

function latestWithin(lines: readonly string[], tokens: number): readonly string[] {
  let left = tokens
  const first = lines.findLastIndex((line) => (left -= countTokens(line) + 1) < 0) + 1
  return lines.slice(first)
}
