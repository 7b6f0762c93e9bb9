import type { AgentActivities, CommandInput, CommandResult } from '../protocol/activities.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { readBlocks, restoreBlock } from '../stores/core-memory.ts'
import type { MemoryStore, Stores } from '../stores/stores.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { storedAgent } from './stored-agent.ts'

/** The part of a command that touches bodies; the queue is the workflow's. Texts of results say what was done, not what was said. */
export function createRunCommand({ stores }: ActivityDependencies): AgentActivities['runCommand'] {
  return async (input) => {
    const { memory } = stores
    switch (input.command.type) {
      case 'pop': {
        const ranges = input.pop ?? []
        await memory.messages.markPopped(input.agentId, ranges)
        const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
        return { ok: true, detail: `took the last exchange (${count} messages) out of the context; recall memory keeps it, marked` }
      }
      case 'save':
        return save(memory, (await storedAgent(memory, input.agentId)).definition, input, input.command.name)
      case 'load':
        return load(memory, (await storedAgent(memory, input.agentId)).definition, input, input.command.name)
      case 'archive':
        return archive(stores, input.agentId, input.command.erase)
    }
  }
}

async function save(memory: MemoryStore, definition: AgentDefinition, input: CommandInput, name: string): Promise<CommandResult> {
  if (input.save === undefined) return { ok: false, code: 'invalid-argument', detail: 'a save comes with the queue to keep' }
  const blocks = await readBlocks(definition, memory.blocks)
  await memory.checkpoints.put({
    agentId: input.agentId,
    name,
    control: input.save,
    blocks: Object.fromEntries(blocks.map((block) => [block.definition.label, block.value])),
    instructions: definition.instructions,
    at: new Date().toISOString(),
  })
  return { ok: true, detail: `kept the context (${input.save.queue.length} messages) and ${blocks.length} blocks as checkpoint ${name}` }
}

/** Blocks go back as new versions, so that what they were before the load is in their history too. */
async function load(memory: MemoryStore, definition: AgentDefinition, input: CommandInput, name: string): Promise<CommandResult> {
  const checkpoint = await memory.checkpoints.get(input.agentId, name)
  if (!checkpoint) {
    const names = (await memory.checkpoints.list(input.agentId)).map((known) => known.name)
    return { ok: false, code: 'checkpoint-unknown', detail: `there is no checkpoint ${name}; ${names.length > 0 ? `there are ${names.join(', ')}` : 'none was saved yet'}` }
  }
  const at = new Date().toISOString()
  for (const block of definition.blocks) {
    const value = checkpoint.blocks[block.label]
    if (value === undefined) continue
    await restoreBlock({ blocks: memory.blocks, definition: block, op: `${input.op}/${block.label}`, author: 'checkpoint', turn: input.turn, at, value })
  }
  if (definition.instructions !== checkpoint.instructions) await memory.agents.setInstructions(input.agentId, checkpoint.instructions)
  const { control } = checkpoint
  return { ok: true, detail: `back at checkpoint ${name} of ${checkpoint.at}: ${control.queue.length} messages in the context; later ones stay in recall memory`, load: control }
}

async function archive({ memory, archival }: Stores, agentId: string, erase: boolean): Promise<CommandResult> {
  if (!erase) {
    await memory.agents.archive(agentId, new Date().toISOString())
    return { ok: true, detail: 'archived: its memory is kept, it takes no more events' }
  }
  // Passages first: while the agent's own record stands, a crash in between can be seen and repeated.
  await archival.eraseAgent(agentId)
  await memory.eraseAgent(agentId)
  return { ok: true, detail: 'deleted, with all of its memory' }
}
