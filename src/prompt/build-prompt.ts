import type { ChatMessage, ModelTool } from '../model/model.ts'
import { countMessageTokens, countTokens, countToolsTokens } from '../model/tokens.ts'
import type { SectionTokens } from '../protocol/context.ts'
import type { PartTokens } from '../protocol/prompt.ts'
import { renderBlock } from './core-memory.ts'
import { renderPrompt, type MessageParts } from './render-prompt.ts'

export interface PromptParts extends MessageParts {
  readonly tools: readonly ModelTool[]
  /** The tokens of the tools in the prompt, if the model gets them in another form than the protocol's. */
  readonly toolsTokens?: number | undefined
}

export interface Prompt {
  readonly messages: readonly ChatMessage[]
  readonly sections: SectionTokens
  readonly parts: PartTokens
  /** Tokens of all of it, tools included, as counted here. */
  readonly tokens: number
}

/** The prompt's messages, counted. */
export function buildPrompt({ tools, toolsTokens, ...parts }: PromptParts): Prompt {
  const { instructions, coreMemory, statistics, head, shown, messages } = renderPrompt(parts)
  const sections = {
    instructions: countTokens(instructions),
    tools: toolsTokens ?? countToolsTokens(tools),
    coreMemory: countTokens(coreMemory),
    statistics: countTokens(statistics),
  }
  const summary = head === undefined ? 0 : countMessageTokens(head)
  const queue = messages.slice(head === undefined ? 1 : 2).reduce((sum, message) => {
    // Counted when they were stored, as they are rendered here, or longer; to count a long queue anew at each step would take longer than all else.
    const counted = shown.get(message)?.tokens ?? 0
    return sum + (counted > 0 ? counted : countMessageTokens(message))
  }, 0)
  return {
    messages,
    sections,
    parts: { blocks: Object.fromEntries(parts.blocks.map((block) => [block.definition.label, countTokens(renderBlock(block))])), summary, queue },
    tokens: Object.values(sections).reduce((sum, tokens) => sum + tokens, summary + queue),
  }
}
