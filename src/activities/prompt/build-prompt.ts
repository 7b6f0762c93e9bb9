import type { ChatMessage, ModelTool } from '../../model/model.ts'
import { countMessageTokens, countTokens, countToolsTokens } from '../../model/tokens.ts'
import type { AgentDefinition } from '../../protocol/definition.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { SectionTokens } from '../../protocol/context.ts'
import type { BlockReading } from '../../stores/core-memory.ts'
import type { Summary } from '../../stores/stores.ts'
import { renderCoreMemory, renderStatistics } from './core-memory.ts'
import { memoryInstructions } from './instructions.ts'
import { renderMessage } from './render-message.ts'
import { repairPairs } from './repair-pairs.ts'

export interface PromptParts {
  readonly definition: AgentDefinition
  readonly blocks: readonly BlockReading[]
  readonly statistics: { readonly evicted: number; readonly passages: number | undefined; readonly documents?: number }
  readonly summary?: Summary | undefined
  readonly queue: readonly StoredMessage[]
  readonly tools: readonly ModelTool[]
  /** The tokens of the tools in the prompt, if the model gets them in another form than the protocol's. */
  readonly toolsTokens?: number | undefined
}

export interface Prompt {
  readonly messages: readonly ChatMessage[]
  readonly sections: SectionTokens
  /** Tokens of all of it, tools included, as counted here. */
  readonly tokens: number
}

/**
 * Main context (paper section 2.1): system instructions, core memory, external memory statistics, the recursive summary at the
 * queue's head, the message queue. In the order of how seldom each changes, so that two inferences share the longest prefix:
 * instructions never do, core memory when it is edited, statistics when something is evicted or archived, the queue grows.
 */
export function buildPrompt({ definition, blocks, statistics, summary, queue, tools, toolsTokens }: PromptParts): Prompt {
  const instructions = definition.instructions === '' ? memoryInstructions : `${memoryInstructions}\n\n${definition.instructions}`
  const coreMemory = renderCoreMemory(blocks)
  const statisticsText = renderStatistics(statistics)
  const system: ChatMessage = { role: 'system', content: [instructions, coreMemory, statisticsText].join('\n\n') }
  const head = summary === undefined ? [] : [renderSummary(summary)]
  const rendered = queue.map((message) => [renderMessage(message, definition.contextWindow), message.tokens] as const)
  // Counted when they were stored, as they are rendered here; to count a long queue anew at each step would take longer than all else.
  const counted = new Map(rendered.filter(([, tokens]) => tokens > 0))
  const rest = repairPairs(rendered.map(([message]) => message))
  const sections = {
    instructions: countTokens(instructions),
    tools: toolsTokens ?? countToolsTokens(tools),
    coreMemory: countTokens(coreMemory),
    statistics: countTokens(statisticsText),
  }
  const variable = [...head, ...rest].reduce((sum, message) => sum + (counted.get(message) ?? countMessageTokens(message)), 0)
  return {
    messages: [system, ...head, ...rest],
    sections,
    tokens: Object.values(sections).reduce((sum, tokens) => sum + tokens, variable),
  }
}

export function renderSummary({ text, covers }: Pick<Summary, 'text' | 'covers'>): ChatMessage {
  return { role: 'user', content: `<summary>\nSummary of ${covers} earlier messages, all of which are in recall memory:\n${text}\n</summary>` }
}
