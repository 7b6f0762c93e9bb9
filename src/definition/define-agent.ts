import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { microsOf } from '../protocol/cost.ts'
import { ownBlockId, ownerOf } from '../protocol/block-id.ts'
import { defaults, type AgentDefinition, type BlockDefinition } from '../protocol/definition.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { assertAgentId } from '../protocol/ids.ts'
import { limits } from '../protocol/limits.ts'
import { instructionsToolName } from '../protocol/tool-names.ts'
import { wellFormedJson } from '../protocol/well-formed.ts'
import { withoutUndefined } from '../protocol/without-undefined.ts'
import { agentInput, blockInput, type AgentInput } from './agent-input.ts'
import { defineWaiting } from './define-waiting.ts'

export type { AgentInput } from './agent-input.ts'

/** Descriptions that make the two customary blocks useful to a model (paper section 2.1; Letta's default blocks). */
const customary = {
  persona: 'Who you are: your name, character and way of speaking. Edit it as you develop.',
  human: 'What you know of the person you talk to: name, facts, likes and dislikes. Keep it up to date.',
}

/**
 * A whole definition with its defaults filled in.
 * @param key of an agent that is there: its blocks may have any label, and are known by their ids
 * @throws PerdureError `invalid-argument` naming every field that is wrong
 */
export function defineAgent(input: AgentInput, key?: string): AgentDefinition {
  const parsed = agentInput.safeParse(input)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'agent'}: ${issue.message}`)
    throw invalidArgument(`the agent's definition is not usable: ${problems.join('; ')}`)
  }
  const { id, name, description, tags, metadata, persona, human, blocks, pressure, budget, agentBudget, tools, approval, clientTools, answerWithinMs: within, sampling, ...rest } = parsed.data
  assertAgentId(id)
  const labels = blocks?.map(({ label }) => label) ?? []
  if (new Set(labels).size < labels.length) throw invalidArgument(`two blocks have the same label: ${labels.join(', ')}`)
  const texts = { persona: persona ?? 'I am a friendly assistant with a memory of my own.', human: human ?? '' }
  const own = blocks ?? (['persona', 'human'] as const).map((label) => blockInput.parse({ label, description: customary[label], value: texts[label], limit: limitFor(texts[label]) }))
  if (blocks && (persona !== undefined || human !== undefined)) {
    throw invalidArgument('persona and human are the texts of the customary blocks; give either those or blocks')
  }
  const wholePressure = { ...defaults.pressure, ...withoutUndefined(pressure) }
  if (wholePressure.warning >= wholePressure.flush) throw invalidArgument('pressure.warning must be below pressure.flush')
  const room = own.reduce((sum, { limit }) => sum + limit, 0)
  if (room > limits.coreMemoryCharacters) {
    throw invalidArgument(`the limits of all blocks come to ${room} characters; together they may have ${limits.coreMemoryCharacters}`)
  }
  const callable = rest.instructionsEditable ? [...tools, instructionsToolName] : tools
  return wellFormedDefinition({
    id,
    ...(name !== undefined && { name }),
    ...(description !== undefined && description !== '' && { description }),
    ...(tags !== undefined && tags.length > 0 && { tags: [...new Set(tags)] }),
    ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata }),
    ...rest,
    ...defineWaiting({ approval, clientTools: clientTools?.map(withoutUndefined), answerWithinMs: within }, callable),
    blocks: own.map((block) => blockOf(id, block, key)),
    tools,
    pressure: wholePressure,
    budget: { ...defaults.budget, ...inMicros(budget) },
    ...(agentBudget && { agentBudget: inMicros(agentBudget) }),
    ...samplingOf(sampling),
  })
}

/** Only where something is set: a definition without it has the digest that it always had. */
function samplingOf(sampling: z.output<typeof agentInput>['sampling']): Pick<AgentDefinition, 'sampling'> {
  const stated = sampling === undefined ? {} : withoutUndefined(sampling)
  return Object.keys(stated).length > 0 ? { sampling: stated } : {}
}

/** The definition as stores keep it. @throws PerdureError `invalid-argument` if it is too large as a whole */
function wellFormedDefinition(definition: AgentDefinition): AgentDefinition {
  const bytes = Buffer.byteLength(JSON.stringify(definition))
  if (bytes <= limits.definitionBytes) return wellFormedJson(definition) as AgentDefinition
  throw invalidArgument(`the agent's definition has ${bytes} bytes, the limit is ${limits.definitionBytes}; shorten its texts, or the parameters of its client tools`)
}

/** `shared` stands in it only where it is true: a definition without it has the digest that it always had. @throws PerdureError `invalid-argument` */
function blockOf(name: string, { blockId, shared, ...block }: z.infer<typeof blockInput>, key: string | undefined): BlockDefinition {
  const own = ownBlockId(name, block.label)
  const id = blockId ?? own
  const isOwn = id === own || (key !== undefined && ownerOf(id) === key)
  if (!isOwn && ownerOf(id) === name) throw invalidArgument(`block ${block.label} has the id ${JSON.stringify(id)}, of another block of the agent itself: leave blockId out`)
  if (!isOwn && shared === true) throw invalidArgument(`block ${block.label} has the id ${JSON.stringify(id)}, and so is not the agent's own: leave shared out, or blockId`)
  return { ...block, blockId: id, ...(shared === true && { shared }) }
}

/** A persona file longer than the usual limit is welcome, and leaves room to grow. */
const limitFor = (text: string): number => Math.min(limits.blockLimitCharacters, Math.max(defaults.blockLimit, text.length + 500))

function inMicros<Budget extends { readonly dollars?: number | undefined }>({ dollars: amount, ...rest }: Budget) {
  return { ...withoutUndefined(rest), ...(amount !== undefined && { costMicros: microsOf(amount) }) }
}

/** Tells "the same definition again" from a conflict. Keys are in the order that `defineAgent` gives them. */
export function definitionDigest(definition: AgentDefinition): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 32)
}
