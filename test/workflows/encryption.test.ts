import { Client } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createClient } from '../../src/client/client.ts'
import { encryptedDataConverter } from '../../src/codec/data-converter.ts'
import { newRingEntry, readKeyRing, type KeyRing } from '../../src/codec/key-ring.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { modelAttribute, statusAttribute } from '../../src/protocol/search-attributes.ts'
import { call, fail, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { historyAsJson } from '../replay/kept/history-json.ts'
import { runsOf } from '../replay/runs-of.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { untilContinuedAsNew } from '../support/continued-as-new.ts'
import { encryptedWorkflowCode } from '../support/workflow-code.ts'
import { payloadsIn, textsOutside } from '../support/raw-payloads.ts'

const keys = readKeyRing(newRingEntry('first-key'))
const model = 'model-of-marigold'
const notedByTemporal = 'activity_id,activity_type,attempt,backoff,complete_time,original_schedule_time,seq'

let agents: Agents
afterEach(() => agents.close())

const openValve = defineTool({
  name: 'open_valve',
  description: 'Opens a valve.',
  schema: z.object({ valve: z.string() }),
  policy: { placement: 'activity', idempotent: true, attempts: 2 },
  run: async ({ valve }) => {
    throw new Error(`the ${valve} valve is rusted shut`)
  },
})

async function startEncrypted(scripted: ScriptedModel, ring: KeyRing = keys): Promise<Agents> {
  agents = await startAgents({ model: scripted, tools: [openValve], keys: ring, uiText: true })
  await agents.client.create({ id: agents.agentId, model, tools: ['send_message', 'open_valve', 'core_memory_append'] })
  return agents
}

/** All histories as the server has them. */
const stored = async (): Promise<readonly Record<string, unknown>[]> => {
  const runs = await runsOf(agents.temporal, workflowIdOf(agents.agentId))
  return runs.map(historyAsJson)
}

describe('what Temporal stores of an encrypted agent', () => {
  test('has no word of ids, inputs, results, outcomes, summaries and failures [payload:encryption]', async () => {
    const scripted = scriptedModel([
      call('open_valve', { valve: 'starboard' }, { heartbeat: true }),
      say('It is rusted, I fear.'),
      fail(new ModelError('refused', 'the key of the harbour was refused')),
      say('Good morning.'),
    ])
    const { client, agentId } = await startEncrypted(scripted)
    await client.send(agentId, 'Open the starboard valve.', { eventId: 'postcard-1' })
    expect(await client.send(agentId, 'Good morning.', { eventId: 'postcard-2' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    await client.resume(agentId)
    await client.outcome(agentId, 'postcard-2')
    await client.command(agentId, { type: 'save', name: 'before-refit' })
    await expect(client.command(agentId, { type: 'load', name: 'never-saved' })).rejects.toMatchObject({ code: 'checkpoint-unknown' })

    const histories = await stored()
    const said = ['postcard', 'starboard', 'rusted', 'harbour', 'before-refit', 'never-saved', 'Good morning', 'completed', model, 'valve']
    const found = textsOutside(histories, ['searchAttributes', 'upsertWorkflowSearchAttributesEventAttributes'])
    expect(found.length).toBeGreaterThan(100)
    expect(said.filter((word) => found.some((text) => text.includes(word)))).toEqual([])
  })

  test('is all under the key, but for search attributes and what Temporal itself notes of local activities and of changes of the code [payload:encryption]', async () => {
    const { client, agentId } = await startEncrypted(scriptedModel([call('open_valve', { valve: 'port' }, { heartbeat: true }), say('No.')]))
    await client.send(agentId, 'Open the valve.')
    const payloads = payloadsIn(await stored())
    const encrypted = payloads.filter(({ encoding }) => encoding === 'binary/encrypted')
    expect(encrypted.length).toBeGreaterThan(10)
    expect(new Set(encrypted.map(({ keyId }) => keyId))).toEqual(new Set(['first-key']))
    const plain = payloads.filter((payload) => !encrypted.includes(payload))
    const attributes = plain.filter(({ path }) => path.includes('.searchAttributes.indexedFields.Perdure'))
    expect(attributes.map(({ text }) => text).toSorted()).toEqual(['"live"', `"${model}"`])
    const ofChanges = plain.filter(({ path }) => path.endsWith('.searchAttributes.indexedFields.TemporalChangeVersion'))
    const others = plain.filter((payload) => !attributes.includes(payload) && !ofChanges.includes(payload))
    expect(others.length).toBeGreaterThan(0)
    for (const { path, text } of others) {
      const noted = Object.keys(JSON.parse(text) as object).toSorted().join()
      if (path.endsWith('.details.patch-data.payloads.0')) expect(noted).toBe('deprecated,id')
      else expect([path, noted]).toEqual([expect.stringMatching(/markerRecordedEventAttributes\.details\.data\.payloads\.0$/), notedByTemporal])
    }
  })

  test('says of a failure only that it is one, and its code [payload:encryption]', async () => {
    const { client, agentId } = await startEncrypted(scriptedModel([fail(new ModelError('refused', 'the harbour refused the key'))]))
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ end: 'parked', detail: 'the harbour refused the key' })
    const events = (await runsOf(agents.temporal, workflowIdOf(agentId))).flatMap((run) => run.events ?? [])
    const failures = events.flatMap(({ activityTaskFailedEventAttributes: failed }) => failed?.failure ?? [])
    expect(failures).toMatchObject([{ message: 'Encoded failure', applicationFailureInfo: { type: 'model-refused' } }])
    expect(failures[0]?.stackTrace ?? '').toBe('')
  })

  test('is read by nobody who lacks the key, and by a client without any it is named [payload:encryption]', async () => {
    const { client, agentId, temporal, stores, taskQueue } = await startEncrypted(scriptedModel([say('Hello.')]))
    await client.send(agentId, 'Hi')
    const without = new Client({ connection: temporal.connection, namespace: temporal.options.namespace, dataConverter: encryptedDataConverter([]) })
    const named = { code: 'key-unknown', message: expect.stringMatching(/"first-key".*no key is set here/) as unknown }
    await expect(without.workflow.getHandle(workflowIdOf(agentId)).describe()).rejects.toMatchObject(named)
    const blind = createClient({ temporal: without, taskQueue, stores })
    await expect(blind.state(agentId)).rejects.toMatchObject(named)
  })
})

describe('an encrypted agent', () => {
  test('answers a resent message with the same turn, also after it has continued as new [payload:encryption mailbox:dedupe]', async () => {
    const scripted = scriptedModel([], { afterwards: say('Once.') })
    const { client, agentId } = await startEncrypted(scripted)
    const first = await client.send(agentId, 'Only once, please.', { eventId: 'once' })
    expect(await client.send(agentId, 'Only once, please.', { eventId: 'once' })).toEqual({ ...first, repeated: true })
    await untilContinuedAsNew(client, agentId)
    expect(await client.send(agentId, 'Only once, please.', { eventId: 'once' })).toMatchObject({ turn: first.turn, replyTexts: ['Once.'] })
    expect(await client.state(agentId)).toMatchObject({ agentId, model, status: 'idle' })
    expect((await client.context(agentId)).at(0)?.role).toBe('user')
  })

  test('keeps its memo, its summary and its details legible for who has the key [payload:encryption ui:legible]', async () => {
    const { client, agentId, temporal } = await startEncrypted(scriptedModel([], { afterwards: say('Yes.') }))
    await untilContinuedAsNew(client, agentId)
    const handle = temporal.workflow.getHandle(workflowIdOf(agentId))
    const { memo, typedSearchAttributes } = await handle.describe()
    expect(memo).toEqual({ agent: agentId, model, contextWindow: 32_000 })
    expect([typedSearchAttributes.get(statusAttribute), typedSearchAttributes.get(modelAttribute)]).toEqual(['live', model])
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')
    expect(currentDetails).toContain(`### ${agentId}: idle`)
    const listed = []
    for await (const workflow of temporal.workflow.list({ query: `WorkflowId = '${workflowIdOf(agentId)}' AND ExecutionStatus = 'Running'` })) listed.push(workflow.memo)
    expect(listed).toEqual([memo])
  })

  test('refuses by code and text, as without encryption [payload:encryption client:sdk]', async () => {
    const { client, agentId, temporal } = await startEncrypted(scriptedModel([]))
    await expect(client.command(agentId, { type: 'save', name: 'no good name' })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'a checkpoint has a name of 1 to 64 letters, digits, ".", "-" or "_"',
    })
    const refused = temporal.workflow.getHandle(workflowIdOf(agentId)).executeUpdate(handlerNames.event, { args: [{ event: { id: '' }, wait: 'turn' }] })
    await expect(refused).rejects.toMatchObject({ cause: { type: 'invalid-argument' } })
  })

  test('takes a plain signal, as the temporal command line sends it without a codec server [payload:encryption event:user-signal]', async () => {
    const { client, agentId, temporal } = await startEncrypted(scriptedModel([say('I heard you.')]))
    const plain = new Client({ connection: temporal.connection, namespace: temporal.options.namespace })
    await plain.workflow.getHandle(workflowIdOf(agentId)).signal(handlerNames.eventSignal, { id: 'by-hand', kind: 'user-message', bytes: 5, text: 'Ahoy!' })
    expect(await client.outcome(agentId, 'by-hand')).toMatchObject({ end: 'completed', replyTexts: ['I heard you.'] })
  })

  test('may have begun without encryption [payload:encryption]', async () => {
    await startEncrypted(scriptedModel([], { afterwards: say('Yes.') }), [])
    const { agentId } = agents
    const before = await agents.client.send(agentId, 'Are you there?', { eventId: 'plain-days' })
    const { client } = await agents.changeKeys(keys)
    expect(await client.send(agentId, 'Still there?', { eventId: 'later-days' })).toMatchObject({ turn: before.turn + 1, replyTexts: ['Yes.'] })
    expect(await client.send(agentId, 'Are you there?', { eventId: 'plain-days' })).toEqual({ ...before, repeated: true })
    const texts = textsOutside(await stored(), [])
    expect([texts.some((text) => text.includes('plain-days')), texts.some((text) => text.includes('later-days'))]).toEqual([true, false])
  })

  test('has histories that replay with its keys, and fail by name without them [payload:encryption history:replay]', async () => {
    const { client, agentId, temporal } = await startEncrypted(scriptedModel([call('open_valve', { valve: 'port' }, { heartbeat: true })], { afterwards: say('No.') }))
    await client.send(agentId, 'Open the valve.')
    await untilContinuedAsNew(client, agentId)
    const replay = async (ring: KeyRing): Promise<void> => {
      for (const history of await runsOf(temporal, workflowIdOf(agentId))) {
        const dataConverter = encryptedDataConverter(ring)
        await Worker.runReplayHistory({ workflowBundle: { code: await encryptedWorkflowCode() }, dataConverter }, history, workflowIdOf(agentId))
      }
    }
    await replay(keys)
    await expect(replay(readKeyRing(newRingEntry('second-key')))).rejects.toThrow()
  })
})
