import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import type { AgentChanges } from './agent-changes.ts'
import type { AgentInput } from './agent-input.ts'

type Blocks = NonNullable<AgentInput['blocks']>

/**
 * The definition as it would be given with the changes.
 * @throws PerdureError `block-unknown`, `invalid-argument`
 */
export function changeInput(input: AgentInput & { readonly blocks: Blocks }, { blocks, pressure, budget, agentBudget, ...fields }: AgentChanges): AgentInput {
  const life = agentBudget === null ? {} : merged(input.agentBudget ?? {}, agentBudget ?? {})
  return {
    ...(merged({ ...input, agentBudget: undefined }, fields) as AgentInput),
    blocks: changedBlocks(input.blocks, blocks ?? {}),
    pressure: merged(input.pressure ?? {}, pressure ?? {}),
    budget: merged(input.budget ?? {}, budget ?? {}),
    ...(Object.keys(life).length > 0 && { agentBudget: life }),
  }
}

/** The fields of both; null takes one away, and undefined says nothing. */
function merged(present: object, changes: object): Record<string, unknown> {
  const stated = Object.entries(changes).filter(([, value]) => value !== undefined)
  return Object.fromEntries([...Object.entries(present), ...stated].filter(([name, now]) => now !== undefined && !stated.some(([changed, value]) => changed === name && value === null)))
}

function changedBlocks(present: Blocks, changes: NonNullable<AgentChanges['blocks']>): Blocks {
  const asked = new Map(Object.entries(changes))
  const kept = present.flatMap((block) => {
    const change = asked.get(block.label)
    if (change === null) return []
    return change === undefined ? [block] : [changedBlock(block, change)]
  })
  const known = new Set(present.map(({ label }) => label))
  const attached = [...asked].flatMap(([label, change]) => {
    if (known.has(label)) return []
    if (change === null) throw new PerdureError('block-unknown', `blocks.${label} can't be detached: there is no such block; the agent has ${[...known].join(', ') || 'none'}`)
    return [{ label, ...change }]
  })
  return [...kept, ...attached]
}

function changedBlock(block: Blocks[number], change: Omit<Blocks[number], 'label'>): Blocks[number] {
  if (change.value !== undefined) throw invalidArgument(`blocks.${block.label}.value is what a new block begins with; this one is there: edit it with \`editBlock\`, or /edit in the chat`)
  if (change.blockId !== undefined && change.blockId !== block.blockId) {
    throw invalidArgument(`blocks.${block.label}.blockId can't change: detach the block (null), and attach the other one under another label`)
  }
  // A lower limit is held against what is in the block now, not against what it began with.
  const { value = '' } = block
  const limit = change.limit ?? block.limit
  return { ...block, ...(merged(block, change) as Omit<Blocks[number], 'label'>), value: limit !== undefined && value.length > limit ? '' : value }
}
