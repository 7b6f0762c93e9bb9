import type { ChatMessage } from '../model/model.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { PromptStatistics } from '../protocol/prompt.ts'
import type { BlockReading } from '../stores/core-memory.ts'
import type { Summary } from '../stores/summaries.ts'
import { renderCoreMemory, renderStatistics } from './core-memory.ts'
import { memoryInstructions } from './instructions.ts'
import { renderMessage } from './render-message.ts'
import { repairPairs } from './repair-pairs.ts'

/**
 * Number of the rules in this folder by which texts are made of a prompt's parts. It is raised with every change that gives the same parts
 * another text: a prompt of before can't be made again then, and is said to be of other rules.
 */
export const promptForm = 1

export interface MessageParts {
  readonly definition: Pick<AgentDefinition, 'instructions' | 'contextWindow'>
  /** How memory works, where it is not to be said as this build says it. */
  readonly memoryInstructions?: string
  readonly blocks: readonly BlockReading[]
  readonly statistics: PromptStatistics
  readonly summary?: Summary | undefined
  readonly queue: readonly StoredMessage[]
}

/** A prompt's messages, and the texts of which the first of them is made. */
export interface RenderedPrompt {
  readonly instructions: string
  readonly coreMemory: string
  readonly statistics: string
  readonly head: ChatMessage | undefined
  /** Beside each message of the queue, the stored one that it shows. */
  readonly shown: ReadonlyMap<ChatMessage, StoredMessage>
  readonly messages: readonly ChatMessage[]
}

/**
 * Main context (paper section 2.1): system instructions, core memory, external memory statistics, the recursive summary at the
 * queue's head, the message queue. In the order of how seldom each changes, so that two inferences share the longest prefix:
 * instructions never do, core memory when it is edited, statistics when something is evicted or archived, the queue grows.
 */
export function renderPrompt({ definition, blocks, statistics, summary, queue, ...parts }: MessageParts): RenderedPrompt {
  const builtIn = parts.memoryInstructions ?? memoryInstructions
  const instructions = definition.instructions === '' ? builtIn : `${builtIn}\n\n${definition.instructions}`
  const coreMemory = renderCoreMemory(blocks)
  const statisticsText = renderStatistics(statistics)
  const system: ChatMessage = { role: 'system', content: [instructions, coreMemory, statisticsText].join('\n\n') }
  const head = summary && renderSummary(summary)
  // The newest message is of the turn that runs.
  const running = queue.at(-1)?.turn
  const shown = new Map(queue.map((message) => [renderMessage(message, definition.contextWindow, message.turn === running ? 'running' : 'earlier'), message]))
  return { instructions, coreMemory, statistics: statisticsText, head, shown, messages: [system, ...(head ? [head] : []), ...repairPairs([...shown.keys()])] }
}

export function renderSummary({ text, covers }: Pick<Summary, 'text' | 'covers'>): ChatMessage {
  return { role: 'user', content: `<summary>\nSummary of ${covers} earlier messages, all of which are in recall memory:\n${text}\n</summary>` }
}
