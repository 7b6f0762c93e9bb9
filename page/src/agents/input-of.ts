import type { AgentInput, BlockView, StoredAgent } from '../../../clients/typescript/src/index.ts'

/** What an agent is made of, for another one like it: its own blocks are the other's own, shared ones stay shared, amounts are in dollars. */
export function inputOf({ key, definition }: StoredAgent, blocks: readonly BlockView[] | undefined): AgentInput {
  const { budget, agentBudget, blocks: defined, tools, tags, approval, clientTools, ...rest } = definition
  const valueOf = (label: string): string | undefined => blocks?.find((block) => block.label === label)?.value
  return {
    ...rest,
    ...(tags && { tags: [...tags] }),
    ...(approval && { approval: [...approval] }),
    ...(clientTools && { clientTools: [...clientTools] }),
    tools: [...tools],
    budget: inDollars(budget),
    ...(agentBudget && { agentBudget: inDollars(agentBudget) }),
    blocks: defined.map(({ blockId, ...block }) => (blockId.startsWith(`${key}/`) ? { ...block, value: valueOf(block.label) ?? block.value } : { ...block, blockId })),
  }
}

function inDollars<Budget extends { readonly costMicros?: number }>({ costMicros, ...rest }: Budget) {
  return { ...rest, ...(costMicros !== undefined && { dollars: costMicros / 1e6 }) }
}
