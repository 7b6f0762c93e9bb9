import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { ownBlockId } from '../protocol/block-id.ts'
import { outerId, tenantOf } from '../protocol/tenant.ts'
import { composed } from '../protocol/well-formed.ts'
import type { AgentInput } from './agent-input.ts'

type BlockInput = NonNullable<AgentInput['blocks']>[number]

/** A definition as a caller of the agent's tenant would give it: what is the agent's own by its label, amounts in dollars. */
export function inputOf(key: string, { id, blocks, budget, agentBudget, tools, tags, approval, clientTools, ...rest }: AgentDefinition): AgentInput & { readonly blocks: BlockInput[] } {
  return {
    id,
    ...rest,
    ...(tags && { tags: [...tags] }),
    tools: [...tools],
    ...(approval && { approval: [...approval] }),
    ...(clientTools && { clientTools: [...clientTools] }),
    blocks: blocks.map((block) => blockInputOf(key, block)),
    budget: inDollars(budget),
    ...(agentBudget && { agentBudget: inDollars(agentBudget) }),
  }
}

function blockInputOf(key: string, { blockId, ...given }: BlockDefinition): BlockInput {
  // A label of before that was in another form keeps its block.
  const block = { ...given, label: composed(given.label) }
  return blockId === ownBlockId(key, block.label) ? block : { ...block, blockId: outerId(tenantOf(key), blockId) }
}

function inDollars<Budget extends { readonly costMicros?: number }>({ costMicros, ...rest }: Budget) {
  return { ...rest, ...(costMicros !== undefined && { dollars: costMicros / 1e6 }) }
}
