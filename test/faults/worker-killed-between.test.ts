import { describe, expect, test, vi } from 'vitest'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import type { AgentCommand } from '../../src/protocol/commands.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, hang, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import type { Evidence } from './support/evidence.ts'
import { successors, type Successor } from './support/recovery.ts'
import { startDoomed } from './support/successor.ts'
import { inWorld, type World } from './support/world.ts'

/** Most of it may be the wait for a slot, where all of these run at once. */
const timeout = 600_000
const patience = { timeout: 60_000, interval: 50 }

const edit = (text: string): readonly ScriptedStep[] =>
  text.startsWith('Note ') ? [[call('core_memory_append', { label: 'human', content: text }), call('core_memory_append', { label: 'persona', content: text }, { heartbeat: true })]] : []

const editsOf = ({ blockVersions }: Evidence, op: RegExp): number => blockVersions.filter((version) => op.test(version.op)).length

/** A turn that is cancelled while the model thinks; the worker dies at a point on the way to its end. */
async function dieWhileCancelling(row: string, point: FaultPointName, successor: Successor): Promise<void> {
  const moves = (text: string): readonly ScriptedStep[] => (text === 'Hi' ? [call('ring_bell', {}, { heartbeat: true }), () => hang()] : [])
  await inWorld({ row, successor, point, armed: false, moves }, async (world) => {
    const { client, agentId, model } = world
    const doomed = await startDoomed(world, successor)
    const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
    await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
    // The first step has its own results recorded; only the cancelled one shall meet the point.
    world.arm()
    const cancelled = client.cancel(agentId)
    expect(await doomed.died).toBe('SIGKILL')
    await doomed.goOn()
    expect(await cancelled).toBe(true)
    expect(await answer).toMatchObject({ end: 'cancelled' })
    const { effects } = await audit(world, { hi: 'Hi' })
    expect(effects).toHaveLength(1)
  })
}

/** Two turns with edits, each followed by a command; the worker dies over the one at the point. */
async function dieOverCommand(options: {
  readonly row: string
  readonly successor: Successor
  readonly point: FaultPointName
  readonly before?: readonly AgentCommand[]
  readonly command: AgentCommand
  readonly then: (world: World, evidence: Evidence) => Promise<void>
}): Promise<void> {
  const { row, successor, point, before = [], command, then } = options
  await inWorld({ row, successor, point, armed: false, moves: edit }, async (world) => {
    const { client, agentId } = world
    const doomed = await startDoomed(world, successor)
    expect(await client.send(agentId, 'Note one', { eventId: 'one' })).toMatchObject({ end: 'completed' })
    for (const earlier of before) await client.command(agentId, earlier)
    expect(await client.send(agentId, 'Note two', { eventId: 'two' })).toMatchObject({ end: 'completed' })
    world.arm()
    const done = client.command(agentId, command)
    expect(await doomed.died).toBe('SIGKILL')
    await doomed.goOn()
    expect(await done).toMatchObject({ status: 'done' })
    await then(world, await audit(world, { one: 'Note one', two: 'Note two' }))
  })
}

describe.concurrent.each(successors)('a worker that is killed, another %s', { timeout }, (successor) => {
  test('between two results of one step: the first stands, the second is added, none is doubled [step:pairing]', async () => {
    const moves = (): readonly ScriptedStep[] => [
      [call('core_memory_append', { label: 'human', content: 'Name: Ada' }), call('ring_bell'), call('core_memory_append', { label: 'persona', content: 'I help Ada.' }, { heartbeat: true })],
      say('Hello Ada.'),
    ]
    await inWorld({ row: 'worker-between-results', successor, point: 'result-recorded', moves }, async (world) => {
      const doomed = await startDoomed(world, successor)
      const answer = world.client.send(world.agentId, 'I am Ada.', { eventId: 'ada' })
      expect(await doomed.died).toBe('SIGKILL')
      const recorded = (await world.stores.memory.messages.after(world.agentId, 0, 100)).filter(({ role }) => role === 'tool')
      expect(recorded).toHaveLength(1)
      await doomed.goOn()
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 2 } })
      const { effects, blockVersions } = await audit(world, { ada: 'I am Ada.' })
      expect({ effects: effects.length, edits: blockVersions.filter(({ version }) => version > 1).length }).toEqual({ effects: 1, edits: 2 })
      expect(inferencesOf(world.model)).toHaveLength(2)
    })
  })

  test('while it cancels a turn, the step settled and not reported: the turn ends as cancelled, once [turn:cancel]', () =>
    dieWhileCancelling('worker-cancel-settled', 'step-settled', successor))
  test('while it cancels a turn, the end stored and not reported: the turn ends as cancelled, once [turn:cancel]', () =>
    dieWhileCancelling('worker-cancel-recorded', 'turn-recorded', successor))

  test('over a save: the checkpoint is there, and leads back to where it was taken [cli:chat]', () =>
    dieOverCommand({
      row: 'worker-save',
      successor,
      point: 'command-run',
      command: { type: 'save', name: 'here' },
      then: async ({ client, agentId }) => {
        await client.command(agentId, { type: 'load', name: 'here' })
        expect((await client.context(agentId)).flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))).toEqual(['one', 'two'])
      },
    }))

  test('in the middle of a load: each block goes back once, and the context with it [cli:chat]', () =>
    dieOverCommand({
      row: 'worker-load',
      successor,
      point: 'block-restored',
      before: [{ type: 'save', name: 'first' }],
      command: { type: 'load', name: 'first' },
      then: async ({ client, agentId }, evidence) => {
        const blocks = await client.blocks(agentId)
        expect(blocks.filter(({ value }) => value.includes('Note two'))).toEqual([])
        expect(blocks.filter(({ value }) => value.includes('Note one'))).toHaveLength(2)
        expect(editsOf(evidence, /\/command\//)).toBe(2)
        expect(evidence.context.some(({ eventId }) => eventId === 'two')).toBe(false)
      },
    }))

  test('over a pop: one exchange leaves the context, no other [cli:chat]', () =>
    dieOverCommand({
      row: 'worker-pop',
      successor,
      point: 'command-run',
      command: { type: 'pop' },
      then: async (_, { context, messages }) => {
        expect(context.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))).toEqual(['one', 'afterwards'])
        expect(messages.filter(({ popped, eventId }) => popped === true && eventId !== undefined).map(({ eventId }) => eventId)).toEqual(['two'])
      },
    }))

  test('in the middle of a deletion: all of the agent is deleted, and its name is free [agent:create]', async () => {
    const moves = (): readonly ScriptedStep[] => [call('archival_memory_insert', { content: 'Ada likes engines.' }, { heartbeat: true })]
    await inWorld({ row: 'worker-delete', successor, point: 'passages-erased', moves }, async (world) => {
      const { client, agentId, stores } = world
      const doomed = await startDoomed(world, successor)
      expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed' })
      const deleted = client.delete(agentId)
      expect(await doomed.died).toBe('SIGKILL')
      expect([await stores.archival.count(agentId), await stores.memory.agents.get(agentId)]).toEqual([0, expect.anything()])
      await doomed.goOn()
      await deleted
      expect([await stores.memory.agents.get(agentId), await stores.memory.messages.count(agentId), await client.list()]).toEqual([undefined, 0, []])
      const { agent } = await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'archival_memory_insert'] })
      expect(agent.key).toBe(`${agentId}~2`)
      await audit({ ...world, agentId: agent.key }, {})
    })
  })

  test('over the opening of an agent whose history is gone: it goes on with its memory and doubles nothing [agent:one-workflow]', async () => {
    await inWorld({ row: 'worker-open', successor, point: 'opened', armed: false, moves: edit }, async (world) => {
      const { client, agentId, temporal, stores } = world
      const doomed = await startDoomed(world, successor)
      expect(await client.send(agentId, 'Note one', { eventId: 'one' })).toMatchObject({ end: 'completed' })
      await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('its history is lost')
      world.arm()
      const answer = client.send(agentId, 'Note two', { eventId: 'two' })
      expect(await doomed.died).toBe('SIGKILL')
      await doomed.goOn()
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['done: Note two'] })
      expect(await client.send(agentId, 'Note one', { eventId: 'one' })).toMatchObject({ end: 'completed', turn: 1 })
      const { messages } = await audit(world, { one: 'Note one', two: 'Note two' }, { before: ['one'] })
      expect(messages.filter(({ eventId }) => eventId === 'one')).toHaveLength(1)
      expect((await stores.memory.blocks.history(`${agentId}/human`, 10)).length).toBeGreaterThan(0)
    })
  })
})
