import { assertInstructionsFit } from '../definition/assert-fits.ts'
import type { AgentActivities, CommandInput, CommandResult } from '../protocol/activities.ts'
import { askedBy, usedForAnother } from '../protocol/commands.ts'
import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { opOf } from '../protocol/ids.ts'
import type { SeqRanges } from '../protocol/seq-ranges.ts'
import { bindTo } from '../stores/bound.ts'
import { assertWithinLimit, readBlocks, restoreBlock } from '../stores/core-memory.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { Checkpoint } from '../stores/checkpoints.ts'
import type { MemoryStore, Stores } from '../stores/stores.ts'
import { latestDefinition, writeDefinition } from '../stores/write-definition.ts'
import { changeDefinition } from './change-definition.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { inForceOf, storedAgent } from './stored-agent.ts'

/** The part of a command that touches bodies; the queue is the workflow's. Texts of results say what was done, not what was said. */
export function createRunCommand(dependencies: ActivityDependencies): AgentActivities['runCommand'] {
  return async (input) => {
    const result = await run(dependencies, input)
    dependencies.faultPoint('command-run')
    return result
  }
}

async function run(dependencies: ActivityDependencies, input: CommandInput): Promise<CommandResult> {
  const { stores, faultPoint } = dependencies
  const { memory } = stores
  const { command } = input
  if (command.type === 'archive') {
    // One that is to be erased may be gone by an earlier attempt.
    if (!(command.erase && (await memory.agents.wasDeleted(input.agentId)))) await storedAgent(stores, input.agentId)
    return command.erase ? deleteAgent({ ...stores, faultPoint }, input.agentId) : archiveAgent(memory, input.agentId)
  }
  // First: into stores where the agent is not nothing of it is written.
  const agent = await storedAgent(stores, input.agentId)
  await assertSameCommand(memory, input)
  switch (command.type) {
    case 'pop': {
      const ranges = await boundTo(memory, input)
      await memory.messages.markPopped(input.agentId, ranges)
      const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
      return { ok: true, detail: `took the last exchange (${count} messages) out of the context; recall memory keeps it, marked`, popped: ranges }
    }
    case 'save':
      return save(memory, agent.definition, input, command.name)
    case 'load':
      return load({ memory, faultPoint }, agent, input, command.name)
    case 'define':
      return changeDefinition(dependencies, input, command.change)
  }
}

/**
 * The workflow remembers its latest commands only, and none where it was lost; what a command has done is found by its id alone. A deletion
 * leaves nothing that could be bound, and an archived agent takes no other command.
 * @throws PerdureError `invalid-argument` where something else was commanded under the id
 */
async function assertSameCommand({ claims }: MemoryStore, { agentId, op, command }: CommandInput): Promise<void> {
  const asked = askedBy(command)
  if ((await bindTo(claims, { agentId, op: opOf.bound(agentId, 'asked', op) }, asked)) !== asked) throw usedForAnother(op.slice(opOf.command(agentId, '').length))
}

/** What this command takes, however often it is asked for, and by whichever workflow of the agent. */
const boundTo = async ({ claims }: MemoryStore, { agentId, op, pop = [] }: CommandInput): Promise<SeqRanges> =>
  JSON.parse(await bindTo(claims, { agentId, op }, JSON.stringify(pop))) as SeqRanges

type Writes = Pick<Stores, 'memory'> & Pick<ActivityDependencies, 'faultPoint'>

async function save(memory: MemoryStore, definition: AgentDefinition, input: CommandInput, name: string): Promise<CommandResult> {
  if (input.save === undefined) return { ok: false, code: 'invalid-argument', detail: 'a save comes with the queue to keep' }
  const blocks = await readBlocks(definition, memory.blocks)
  await memory.checkpoints.put({
    agentId: input.agentId,
    name,
    control: input.save,
    blocks: Object.fromEntries(blocks.map((block) => [block.definition.label, block.value])),
    blockIds: Object.fromEntries(blocks.map(({ definition: { label, blockId } }) => [label, blockId])),
    instructions: definition.instructions,
    at: new Date().toISOString(),
  })
  return { ok: true, detail: `kept the context (${input.save.queue.length} messages) and ${blocks.length} blocks as checkpoint ${name}` }
}

/** Blocks go back as new versions, so that what they were before the load is in their history too. */
async function load({ memory, faultPoint }: Writes, agent: StoredAgent, input: CommandInput, name: string): Promise<CommandResult> {
  const { definition } = agent
  const checkpoint = await memory.checkpoints.get(input.agentId, name)
  if (!checkpoint) {
    const names = (await memory.checkpoints.list(input.agentId)).map((known) => known.name)
    return { ok: false, code: 'checkpoint-unknown', detail: `there is no checkpoint ${name}; ${names.length > 0 ? `there are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}` : 'none was saved yet'}` }
  }
  const at = new Date().toISOString()
  const blocks = (await readBlocks(definition, memory.blocks)).map(({ definition: block, value: present }) => ({ block, present, value: savedValue(checkpoint, block) ?? present }))
  const values = blocks.filter(({ present, value }) => value !== present)
  // All of it before the first is written. Another agent may have let a shared block grow beyond this one's limit.
  for (const { block, value } of values) assertWithinLimit(block, value)
  const { instructions } = checkpoint
  const restored = blocks.map(({ value }) => value)
  // The instructions may be of a time when the agent had a larger window; what blocks have grown to since is nobody's mistake. Those of a load that is done again are not put in force again.
  if ((await memory.definitions.byOp(agent.key, input.op)) === undefined) assertInstructionsFit(instructions, definition, restored)
  for (const { block, value } of values) {
    await restoreBlock({ blocks: memory.blocks, definition: block, op: `${input.op}/${block.label}`, author: 'checkpoint', turn: input.turn, at, value })
    faultPoint('block-restored')
  }
  await writeDefinition({ memory, agent, op: input.op, author: 'checkpoint', turn: input.turn, at, edit: (present) => ({ ...present.definition, instructions }) })
  const { control } = checkpoint
  return { ok: true, detail: `back at checkpoint ${name} of ${checkpoint.at}: ${control.queue.length} messages in the context; later ones stay in recall memory`, load: control, definition: await inForceOf(memory, await latestDefinition(memory, agent), input.inForce) }
}

/** A block may have been renamed since. */
function savedValue({ blocks, blockIds }: Checkpoint, { label, blockId }: BlockDefinition): string | undefined {
  const saved = blockIds === undefined ? label : Object.keys(blockIds).find((known) => blockIds[known] === blockId)
  return saved !== undefined && Object.hasOwn(blocks, saved) ? blocks[saved] : undefined
}

/** An archived agent takes no more events; its memory is kept, and its name stays taken. */
async function archiveAgent(memory: Stores['memory'], agentId: string): Promise<CommandResult> {
  await memory.agents.archive(agentId, new Date().toISOString())
  return { ok: true, detail: 'archived: its memory is kept, it takes no more events' }
}

/** To delete an agent is to erase, in all stores, everything that is stored of it. */
async function deleteAgent({ memory, archival, live, faultPoint }: Writes & Pick<Stores, 'archival' | 'live'>, agentId: string): Promise<CommandResult> {
  // Whoever asked for it may have had no store to say so in.
  await memory.agents.markDeleting(agentId, new Date().toISOString())
  // Passages first: as long as the agent's own record is there, a deletion that a crash interrupted can be seen and repeated.
  await archival.eraseAgent(agentId)
  await live.forget(agentId)
  faultPoint('passages-erased')
  await memory.eraseAgent(agentId)
  // Once more, for passages that a load of documents inserted before it could see that the agent is gone.
  await archival.eraseAgent(agentId)
  return { ok: true, detail: 'deleted, with all of its memory' }
}
