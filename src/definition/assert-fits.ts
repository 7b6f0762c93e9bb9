import type { AgentDefinition, ClientToolDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'

/** Characters of one token, cautiously: the exact count is the worker's. */
const charactersPerToken = 3
/** No text that means something has more, where it is to be certain that something does not fit: English has up to seven. */
const mostCharactersPerToken = 8

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

function partsOf({ instructions, blocks, clientTools = [] }: AgentDefinition, values: readonly string[]): readonly (readonly [name: string, tokens: number])[] {
  const texts = [['instructions', instructions] as const, ...blocks.map(({ label }, index) => [`block ${label}`, values[index] ?? ''] as const)]
  const parts = texts.map(([name, text]) => [name, tokensOf(text)] as const)
  return clientTools.length === 0 ? parts : [...parts, ['client tools', tokensOfTools(clientTools)]]
}

const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken)

/** What a model reads of them. */
const tokensOfTools = (tools: readonly ClientToolDefinition[]): number => leastTokensOf(JSON.stringify(tools.map(({ name, description, parameters }) => ({ name, description, parameters }))))

const leastTokensOf = (text: string): number => Math.ceil(text.length / mostCharactersPerToken)

/**
 * Refuses longer instructions than the agent has, where its window certainly has no room for them beside what is in its blocks and a reply. By the
 * cautious count blocks alone may have grown beyond their room, and the agent goes on all the same.
 * @param values of the agent's blocks, in their order
 * @throws PerdureError `definition-too-large`
 */
export function assertInstructionsFit(instructions: string, definition: AgentDefinition, values: readonly string[]): void {
  if (instructions.length <= definition.instructions.length) return
  const [own, beside] = [leastTokensOf(instructions), leastTokensOf(values.join('')) + tokensOfTools(definition.clientTools ?? [])]
  const room = Math.floor(definition.contextWindow * definition.pressure.flush)
  if (own + beside <= room) return
  throw new PerdureError(
    'definition-too-large',
    `the instructions take at least ${own} tokens and the agent's blocks and client tools ${beside}, a window of ${definition.contextWindow} has room for ${room}: shorten them or choose a larger window`,
  )
}

/**
 * Refuses the tools of a message for which the agent's window can have no room beside its own texts and a reply. Where it has none by the worker's
 * count, the message's turn ends by that name.
 * @param values of the agent's blocks, in their order
 * @throws PerdureError `message-too-large`
 */
export function assertToolsFit(tools: readonly ClientToolDefinition[], definition: AgentDefinition, values: readonly string[]): void {
  const brought = tokensOfTools(tools)
  const own = leastTokensOf([definition.instructions, ...values].join('')) + tokensOfTools(definition.clientTools ?? [])
  const room = Math.floor(definition.contextWindow * definition.pressure.flush)
  if (own + brought <= room) return
  throw new PerdureError(
    'message-too-large',
    `the client tools of the message take about ${brought} tokens, a window of ${definition.contextWindow} has room for ${Math.max(0, room - own)} beside the agent's own texts: ` +
      'describe them in fewer words, bring fewer, or give the agent a larger window',
  )
}
