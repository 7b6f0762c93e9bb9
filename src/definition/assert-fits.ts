import type { AgentDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'

/** Characters of one token, cautiously: the exact count is the worker's. */
const charactersPerToken = 3

/**
 * Refuses a definition whose fixed part would leave its window no room for a conversation.
 * @param values of the blocks, in their order; default: those that they begin with
 * @param bearable tokens above the room that are allowed all the same; default none
 * @throws PerdureError `definition-too-large` naming the parts
 */
export function assertFits(definition: AgentDefinition, values = initialValues(definition), bearable = 0): void {
  if (excessTokens(definition, values) <= Math.max(0, bearable)) return
  const parts = partsOf(definition, values)
  const sum = parts.reduce((total, [, count]) => total + count, 0)
  throw new PerdureError(
    'definition-too-large',
    `the agent's own texts take about ${sum} tokens, a window of ${definition.contextWindow} has room for ${roomOf(definition)}: ` +
      `${parts.map(([name, count]) => `${name} ${count}`).join(', ')}; shorten them or choose a larger window`,
  )
}

/** Tokens of the agent's own texts beyond the room that its window has for them; below 0 where they fit. */
export function excessTokens(definition: AgentDefinition, values: readonly string[]): number {
  return partsOf(definition, values).reduce((total, [, count]) => total + count, 0) - roomOf(definition)
}

const initialValues = ({ blocks }: AgentDefinition): readonly string[] => blocks.map(({ value }) => value)

const roomOf = ({ contextWindow, pressure }: AgentDefinition): number => Math.floor(contextWindow * pressure.warning)

function partsOf({ instructions, blocks }: AgentDefinition, values: readonly string[]): readonly (readonly [name: string, tokens: number])[] {
  const parts = [['instructions', instructions] as const, ...blocks.map(({ label }, index) => [`block ${label}`, values[index] ?? ''] as const)]
  return parts.map(([name, text]) => [name, Math.ceil(text.length / charactersPerToken)] as const)
}
