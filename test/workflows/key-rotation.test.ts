import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, test } from 'vitest'
import { agentsList } from '../../src/cli/output/agents-list.ts'
import { encryptedDataConverter } from '../../src/codec/data-converter.ts'
import { newRingEntry, readKeyRing, type KeyRing } from '../../src/codec/key-ring.ts'
import { reencrypt } from '../../src/operations/reencrypt.ts'
import { agentsOnServer } from '../../src/operations/replay/agent-runs.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { exchangesWorkflowIdOf } from '../../src/protocol/exchanges.ts'
import { startExchanges } from '../../src/client/exchanges-workflow.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { fail, say, scriptedModel } from '../../src/testing.ts'
import { historyAsJson } from '../replay/kept/history-json.ts'
import { runsOf } from '../replay/runs-of.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { untilContinuedAsNew } from '../support/continued-as-new.ts'
import { encryptedWorkflowCode } from '../support/workflow-code.ts'
import { payloadsIn } from '../support/raw-payloads.ts'

const ringOf = (id: string): KeyRing => readKeyRing(newRingEntry(id))
const a = ringOf('key-a')
const b = ringOf('key-b')
const both = [...b, ...a]

let agents: Agents
afterEach(() => agents.close())

/** Key ids of the payloads of each run, in the order in which they were written. */
async function keysOfRuns(temporal: Agents['temporal']): Promise<string[][]> {
  const runs = await runsOf(temporal, workflowIdOf(agents.agentId))
  return runs.map((run) => payloadsIn(historyAsJson(run)).flatMap(({ keyId }) => keyId ?? []))
}

async function replay(temporal: Agents['temporal'], ring: KeyRing): Promise<void> {
  const workflowBundle = { code: await encryptedWorkflowCode() }
  for (const history of await runsOf(temporal, workflowIdOf(agents.agentId))) {
    await Worker.runReplayHistory({ workflowBundle, dataConverter: encryptedDataConverter(ring) }, history, workflowIdOf(agents.agentId))
  }
}

test('a new first key takes over in the middle of a turn, and the old one goes when every run began under the new one [payload:encryption]', async () => {
  const model = scriptedModel([say('First.'), fail(new ModelError('refused', 'the key was refused'))], { afterwards: say('Yes.') })
  agents = await startAgents({ model, keys: a })
  const { client, agentId } = agents
  await client.create({ id: agentId, model: 'scripted' })
  const first = await client.send(agentId, 'One', { eventId: 'one' })
  expect(await client.send(agentId, 'Two', { eventId: 'two' })).toMatchObject({ end: 'parked' })
  await client.post(agentId, 'Three', { eventId: 'three' })

  const { client: second, temporal } = await agents.changeKeys(both)
  expect(await second.state(agentId)).toMatchObject({ status: 'parked', running: { eventId: 'two' }, mailbox: [{ eventId: 'three' }] })
  await second.resume(agentId)
  expect(await second.outcome(agentId, 'three')).toMatchObject({ turn: 3, end: 'completed', replyTexts: ['Yes.'] })
  expect(await second.send(agentId, 'One', { eventId: 'one' })).toEqual({ ...first, repeated: true })
  const [mixed = []] = await keysOfRuns(temporal)
  expect(new Set(mixed)).toEqual(new Set(['key-a', 'key-b']))
  expect(mixed.slice(mixed.indexOf('key-b'))).not.toContain('key-a')
  await replay(temporal, both)

  await untilContinuedAsNew(second, agentId)
  const { client: third, temporal: last } = await agents.changeKeys(b)
  expect((await keysOfRuns(last)).slice(1).flat()).not.toContain('key-a')
  expect(await third.state(agentId)).toMatchObject({ agentId, status: 'idle' })
  expect(await third.send(agentId, 'Still there?', { eventId: 'last' })).toMatchObject({ end: 'completed', replyTexts: ['Yes.'] })
  expect((await last.workflow.getHandle(workflowIdOf(agentId)).describe()).memo).toMatchObject({ agent: agentId })
  expect(model.requests.at(-1)?.messages.map(({ content }) => content).join()).toContain('Two')
})

test('every agent goes on under the new key when asked to, an idle one and one that is parked in a turn [payload:encryption]', async () => {
  const model = scriptedModel([say('First.'), fail(new ModelError('refused', 'the key was refused'))], { afterwards: say('Yes.') })
  agents = await startAgents({ model, keys: a })
  const [idle, parked] = [agents.agentId, `${agents.agentId}-parked`]
  for (const id of [idle, parked]) await agents.client.create({ id, model: 'scripted' })
  await agents.client.send(idle, 'One', { eventId: 'one' })
  expect(await agents.client.send(parked, 'Two', { eventId: 'two' })).toMatchObject({ end: 'parked' })

  const changed = await agents.changeKeys(both)
  const { taskQueue } = agents
  await expect.poll(async () => reencrypt({ clientOf: () => changed.client, temporal: changed.temporal, keys: both, taskQueue }), { timeout: 30_000 }).toEqual({ agents: 2, left: [], refused: new Map(), helpers: [] })
  const { client } = await agents.changeKeys(b)
  expect(await client.state(idle)).toMatchObject({ status: 'idle', counters: { continuedAsNew: 1 } })
  expect(await client.state(parked)).toMatchObject({ status: 'parked', running: { eventId: 'two' } })
  await client.resume(parked)
  await expect.poll(() => client.outcome(parked, 'two')).toMatchObject({ end: 'completed', replyTexts: ['Yes.'] })
  expect(await client.send(idle, 'Three')).toMatchObject({ turn: 2, end: 'completed' })

  // Once more changes nothing.
  expect(await reencrypt({ clientOf: () => client, temporal: agents.temporal, keys: b, taskQueue })).toMatchObject({ agents: 2, left: [], helpers: [] })
  expect((await client.state(idle)).counters.continuedAsNew).toBe(1)
})

test('what works for an agent under the old key is waited for, by name, until it has ended [payload:encryption]', async () => {
  const embedder = simulatedEmbedder()
  let away = true
  const embed: typeof embedder.embed = async (...given) => {
    if (away) throw new ModelError('rate-limited', 'come back later', { retryAfterMs: 300 })
    return embedder.embed(...given)
  }
  agents = await startAgents({ model: scriptedModel([], { afterwards: say('Yes.') }), embedder: { ...embedder, embed }, keys: a })
  const { agentId, taskQueue } = agents
  await agents.client.create({ id: agentId, model: 'scripted' })
  for (const text of ['One', 'Two', 'Three']) await agents.client.send(agentId, text)
  const key = (await agents.client.get(agentId))?.key ?? ''
  await startExchanges({ temporal: agents.temporal, taskQueue }, { agentId: key, left: 3 })

  const changed = await agents.changeKeys(both)
  const again = (patienceMs: number) => reencrypt({ clientOf: () => changed.client, temporal: changed.temporal, keys: both, taskQueue, patienceMs })
  await expect.poll(() => again(5_000), { timeout: 30_000 }).toEqual({ agents: 1, left: [], refused: new Map(), helpers: [exchangesWorkflowIdOf(key)] })
  away = false
  await changed.temporal.workflow.getHandle(exchangesWorkflowIdOf(key)).result()
  await expect.poll(() => again(5_000), { timeout: 30_000 }).toEqual({ agents: 1, left: [], refused: new Map(), helpers: [] })
}, 90_000)

describe('a key that is taken away too early', () => {
  test('is named to who asks; what was sent meanwhile is handled when the key is back [payload:encryption mailbox:durable]', async () => {
    agents = await startAgents({ model: scriptedModel([], { afterwards: say('Yes.') }), keys: a })
    const { agentId } = agents
    await agents.client.create({ id: agentId, model: 'scripted' })
    const first = await agents.client.send(agentId, 'One', { eventId: 'one' })

    const { client: blind } = await agents.changeKeys(b)
    await blind.signal(agentId, 'Two', { eventId: 'two' })
    const named = { code: 'key-unknown', message: expect.stringMatching(/"key-a".*keys here are "key-b".*PERDURE_ENCRYPTION_KEYS/) as unknown }
    await expect(blind.state(agentId)).rejects.toMatchObject(named)
    await expect(blind.send(agentId, 'Three', { eventId: 'three' })).rejects.toMatchObject(named)

    const { client, temporal } = await agents.changeKeys(both)
    expect(await client.outcome(agentId, 'two')).toMatchObject({ turn: 2, end: 'completed' })
    expect(await client.send(agentId, 'Three', { eventId: 'three' })).toMatchObject({ turn: 3, end: 'completed' })
    expect(await client.send(agentId, 'One', { eventId: 'one' })).toEqual({ ...first, repeated: true })
    await replay(temporal, both)
  })
})

test('a key that is not held hides no agent from the list, and from what is to be replayed [payload:encryption history:replay]', async () => {
  agents = await startAgents({ model: scriptedModel([], { afterwards: say('Yes.') }), keys: a })
  const { agentId } = agents
  await agents.client.create({ id: agentId, model: 'scripted' })
  await agents.client.send(agentId, 'One')
  const without = await agents.changeKeys(b)
  expect((await agentsList(without)).find((line) => line.startsWith(`${agentId} `))).toMatch(/ live /)
  await expect.poll(() => agentsOnServer(without.temporal), { timeout: 20_000 }).toContain(agentId)
})
