import { afterAll, describe, expect, test, vi } from 'vitest'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import type { AgentChanges } from '../../src/definition/agent-changes.ts'
import { say, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { gate } from '../support/gate.ts'
import { audit } from './support/audit.ts'
import { successors, type Successor } from './support/recovery.ts'
import { embedded, startServers, type StoreSet } from './support/store-sets.ts'
import { startDoomed } from './support/successor.ts'
import { inWorld } from './support/world.ts'

/** Most of it may be the wait for a slot, where all of these run at once. */
const timeout = 600_000
const patience = { timeout: 60_000, interval: 50 }

const servers = await startServers()
afterAll(async () => {
  if (!isUnavailable(servers)) await servers.stop()
})

/** Every field of a definition. */
const everything: AgentChanges = {
  name: 'Ada L.',
  description: 'Keeps the log.',
  tags: ['log'],
  metadata: { team: { id: 7 } },
  model: 'another',
  contextWindow: 24_000,
  instructions: 'Speak in rhymes.',
  instructionsEditable: true,
  tools: ['send_message', 'core_memory_append', 'search'],
  approval: ['search'],
  clientTools: [{ name: 'ask_user', description: 'asks', parameters: { type: 'object', properties: {} } }],
  answerWithinMs: 60_000,
  blocks: { 'system/human/family': { description: 'The family', value: 'Two cats' }, human: { limit: 777, description: 'Who asks', readOnly: true }, persona: null },
  pressure: { warning: 0.6 },
  budget: { steps: 9 },
  agentBudget: { tokens: 9_000_000 },
}

/** All of it is changed, or undone, in the middle of a turn whose first step is held; the worker dies over it at the point. */
async function dieOver(what: 'change' | 'undo', { row, point, successor, stores }: { readonly row: string; readonly point: FaultPointName; readonly successor: Successor; readonly stores: StoreSet }): Promise<void> {
  const [holding, opened] = [gate(), gate()]
  const held = async () => {
    holding.open()
    await opened.opened
    return say('one moment', { heartbeat: true })
  }
  const moves = (text: string): readonly ScriptedStep[] => (text === 'Hold' ? [held, say('done')] : [say('Hello.')])
  await inWorld({ row, successor, stores, point, armed: false, moves }, async (world) => {
    const { client, agentId } = world
    const doomed = await startDoomed(world, successor)
    const first = (await client.get(agentId))?.definition
    if (what === 'undo') await client.update(agentId, everything, { author: 'Eve' })
    const before = (await client.get(agentId))?.definition
    const answer = client.send(agentId, 'Hold', { eventId: 'hold' })
    await holding.opened
    const changing = what === 'change' ? client.update(agentId, everything, { author: 'Eve' }) : client.undoDefinition(agentId, { author: 'Eve' })
    await vi.waitUntil(async () => (await client.state(agentId)).commands.includes('define'), patience)
    world.arm()
    opened.open()
    expect(await doomed.died).toBe('SIGKILL')
    await doomed.goOn()
    const version = what === 'change' ? 2 : 3
    const { definition } = await changing
    expect((await client.get(agentId))?.definition).toEqual(definition)
    expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['one moment', 'done'] })
    const versions = await client.definitions(agentId)
    expect(versions.map((made) => made.version)).toEqual(Array.from({ length: version }, (_, index) => version - index))
    expect(versions[0]).toMatchObject({ author: 'Eve', turn: 1, definition })
    if (what === 'undo') expect(definition).toEqual(first)
    else expect(new Set((await client.compareDefinitions(agentId, { before: 1 })).map(({ field }) => field.split('.')[0]))).toEqual(new Set(Object.keys(everything)))
    expect(definition).not.toEqual(before)
    expect((await client.messages(agentId)).flatMap(({ context }) => (context === undefined ? [] : [context.definition]))).toEqual([version - 1, version])
    await audit(world, { hold: 'Hold' })
  })
}

describe.concurrent.each(successors)('a worker that is killed over a definition, another %s', { timeout }, (successor) => {
  test('that changes in each field, stored and not in force: it is in force from the next step on, once [definition:living]', () =>
    dieOver('change', { row: 'worker-definition-stored', point: 'definition-stored', successor, stores: embedded }))
  test('that changes in each field, in force and not reported: it is one version [definition:living]', () =>
    dieOver('change', { row: 'worker-definition-reported', point: 'command-run', successor, stores: embedded }))
  test('that is undone: what was there before is in force, as a version of its own [definition:living]', () =>
    dieOver('undo', { row: 'worker-definition-undone', point: 'definition-stored', successor, stores: embedded }))
})

describeWithServer('a worker that is killed over a definition, memory in servers', servers, (stores) => {
  test('that changes in each field, stored and not in force: it is in force from the next step on, once [definition:living]', { timeout }, () =>
    dieOver('change', { row: 'worker-definition-stored', point: 'definition-stored', successor: 'is started', stores }))
  test('that is undone: what was there before is in force, as a version of its own [definition:living]', { timeout }, () =>
    dieOver('undo', { row: 'worker-definition-undone', point: 'definition-stored', successor: 'is started', stores }))
})
