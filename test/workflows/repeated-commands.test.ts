import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { CommandAnswer, CommandRequest } from '../../src/protocol/commands.ts'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { call, fail, hang, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { gate } from '../support/gate.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel = scriptedModel([], { afterwards: say('Noted.') })): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
}

/** What the user has said, as far as the agent has it before it now. */
const said = async (): Promise<readonly string[]> => (await agents.client.context(agents.agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)

async function tell(...texts: readonly string[]): Promise<void> {
  for (const text of texts) await agents.client.send(agents.agentId, text)
}

/** Of a poll, on a machine that has much else to do. */
const soon = { timeout: 20_000 }

const named = { commandId: 'the-same' }

describe('a command that is given again under its id', () => {
  test('pop takes one exchange, also where the agent has continued as new, or lost its workflow in between [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId, temporal } = agents
    await tell('one', 'two', 'three')
    const first = await client.command(agentId, { type: 'pop' }, named)
    expect(await client.command(agentId, { type: 'pop' }, named)).toEqual(first)
    expect(await said()).toEqual(['one', 'two'])
    await client.command(agentId, { type: 'renew' })
    await expect.poll(async () => (await client.state(agentId)).counters.continuedAsNew, soon).toBe(1)
    expect(await client.command(agentId, { type: 'pop' }, named)).toEqual(first)
    await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('its memory of commands goes with it')
    expect(await client.command(agentId, { type: 'pop' }, named)).toEqual(first)
    expect(await said()).toEqual(['one', 'two'])
  })

  test('save keeps what there was when it was given first [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId } = agents
    await tell('one')
    const first = await client.command(agentId, { type: 'save', name: 'early' }, named)
    await tell('two')
    expect(await client.command(agentId, { type: 'save', name: 'early' }, named)).toEqual(first)
    await client.command(agentId, { type: 'load', name: 'early' })
    expect(await said()).toEqual(['one'])
  })

  test('load goes back once [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId } = agents
    await tell('one')
    await client.command(agentId, { type: 'save', name: 'early' })
    await tell('two')
    const first = await client.command(agentId, { type: 'load', name: 'early' }, named)
    await tell('three')
    expect(await client.command(agentId, { type: 'load', name: 'early' }, named)).toEqual(first)
    expect(await said()).toEqual(['one', 'three'])
  })

  test('renew begins one run [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId } = agents
    const first = await client.command(agentId, { type: 'renew' }, named)
    expect(await client.command(agentId, { type: 'renew' }, named)).toEqual(first)
    await tell('one')
    expect((await client.state(agentId)).counters.continuedAsNew).toBe(1)
  })

  test('a refusal stays one; another command under the id is refused by name [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId } = agents
    await expect(client.command(agentId, { type: 'pop' }, named)).rejects.toMatchObject({ code: 'nothing-to-undo' })
    await tell('one')
    await expect(client.command(agentId, { type: 'pop' }, named)).rejects.toMatchObject({ code: 'nothing-to-undo' })
    await expect(client.command(agentId, { type: 'save', name: 'late' }, named)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await said()).toEqual(['one'])
  })

  test('is told from another one under the id, also where the workflow that has run it is lost [commands:idempotent definition:living]', async () => {
    await withModel()
    const { client, agentId, temporal } = agents
    await tell('one', 'two')
    const under = (commandId: string) => ({
      update: (model: string) => client.update(agentId, { model }, { commandId }),
      undo: () => client.undoDefinition(agentId, { commandId }),
      pop: () => client.command(agentId, { type: 'pop' }, { commandId }),
      save: (name: string) => client.command(agentId, { type: 'save', name }, { commandId }),
      load: () => client.command(agentId, { type: 'load', name: 'early' }, { commandId }),
    })
    await under('saved').save('early')
    const changed = await under('changed').update('second')
    await client.update(agentId, { model: 'third' })
    const undone = await under('undone').undo()
    const loaded = await under('loaded').load()
    const popped = await under('popped').pop()
    const others = () => [
      () => under('changed').update('fourth'),
      () => under('changed').undo(),
      () => under('changed').pop(),
      () => under('undone').update('fourth'),
      () => under('loaded').save('late'),
      () => under('popped').load(),
      () => under('popped').update('fourth'),
      () => under('saved').save('late'),
    ]
    const before = { definition: (await client.get(agentId))?.definition, said: await said() }
    const lose = () => temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('its memory of commands goes with it')
    for (const other of others()) await expect(other()).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('another command needs another id') as string })
    await lose()
    for (const other of others()) await expect(other()).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('another command needs another id') as string })
    expect({ definition: (await client.get(agentId))?.definition, said: await said() }).toEqual(before)
    // Nobody who asked for something else has made it another one.
    expect(await under('changed').update('second')).toEqual(changed)
    expect(await under('undone').undo()).toEqual(undone)
    expect(await under('loaded').load()).toEqual(loaded)
    expect(await under('popped').pop()).toEqual(popped)
    await lose()
    expect(await under('undone').undo()).toEqual(undone)
  }, 60_000)

  test('undo is the one that an earlier release has made, which bound its id to no version [commands:idempotent definition:living]', async () => {
    await withModel()
    const { client, agentId, temporal, stores } = agents
    for (const model of ['second', 'third']) await client.update(agentId, { model })
    // As that release gave it on.
    const change = { author: 'person', undo: 2, ifVersion: 3 }
    const id = createHash('sha256').update(JSON.stringify(change)).digest('base64url').slice(0, 22)
    await stores.memory.definitions.propose({ agentId, id, ...change })
    const request: CommandRequest = { id: 'undone', command: { type: 'define', change: id } }
    const workflow = temporal.workflow.getHandle(workflowIdOf(agentId))
    await workflow.executeUpdate(handlerNames.command, { args: [request] })
    for (let times = 0; times < 2; times += 1) {
      expect(await client.undoDefinition(agentId, { commandId: 'undone' })).toMatchObject({ version: 4, definition: { model: 'second' } })
      await workflow.terminate('its memory of commands goes with it').catch(() => undefined)
    }
    expect(await client.definitions(agentId, { limit: 1 })).toMatchObject([{ version: 4 }])
  })

  test('delete has its answer also when nothing is left of the agent [commands:idempotent]', async () => {
    await withModel()
    const { client, agentId } = agents
    await client.delete(agentId, named)
    await client.delete(agentId, named)
    await expect(client.delete(agentId)).rejects.toMatchObject({ code: 'agent-unknown' })
  })

  test('that waits for a turn, held or not, has its answer also where its workflow is ended meanwhile [commands:idempotent]', async () => {
    const model = scriptedModel([hang()], { afterwards: say('Noted.') })
    await withModel(model)
    const { client, agentId, temporal } = agents
    await client.post(agentId, 'Think hard')
    await expect.poll(() => model.requests.length, soon).toBe(1)
    const names = ['a', 'b', 'c', 'd', 'e']
    const saved = Promise.all(names.map((name) => client.command(agentId, { type: 'save', name })))
    await expect.poll(async () => (await client.state(agentId)).commands, soon).toHaveLength(5)
    await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('somebody pressed the wrong button')
    expect((await saved).map(({ status }) => status)).toEqual(names.map(() => 'done'))
  }, 30_000)

  test('that waits for a turn runs, held or not, though its sender asks only once and the agent continues as new before [commands:idempotent pressure:continue-as-new]', async () => {
    const [thinking, thought] = [gate(), gate()]
    const model = scriptedModel([], {
      afterwards: async ({ messages }) => {
        if (messages.at(-1)?.role === 'tool') return say('Noted.')
        thinking.open()
        await thought.opened
        return call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true })
      },
    })
    await withModel(model)
    const { client, agentId, temporal } = agents
    const workflow = temporal.workflow.getHandle(workflowIdOf(agentId))
    await client.post(agentId, 'Think hard')
    await thinking.opened
    // As the `temporal` command line sends them.
    const requests = ['a', 'b', 'c', 'd', 'e'].map((name): CommandRequest => ({ id: `save-${name}`, command: { type: 'save', name } }))
    for (const request of requests) await workflow.startUpdate(handlerNames.command, { args: [request], waitForStage: 'ACCEPTED' })
    await workflow.signal(handlerNames.renewSignal)
    thought.open()
    const answers = () => Promise.all(requests.map((request) => workflow.query<CommandAnswer | null, [CommandRequest]>(handlerNames.commandAnswer, request)))
    await expect.poll(async () => (await answers()).map((answer) => answer?.status), soon).toEqual(requests.map(() => 'done'))
    expect((await client.state(agentId)).counters.continuedAsNew).toBe(1)
  }, 60_000)
})

describe('a cancel', () => {
  test('that is repeated under its id, or names a turn that is over, leaves the next turn alone [commands:idempotent turn:cancel]', async () => {
    const model = scriptedModel([hang(), hang()])
    await withModel(model)
    const { client, agentId } = agents
    await client.post(agentId, 'one', { eventId: 'one' })
    await expect.poll(() => model.requests.length, soon).toBe(1)
    expect(await client.cancel(agentId, named)).toBe(true)
    expect(await client.outcome(agentId, 'one')).toMatchObject({ end: 'cancelled', turn: 1 })
    await client.post(agentId, 'two', { eventId: 'two' })
    await expect.poll(() => model.requests.length, soon).toBe(2)
    expect(await client.cancel(agentId, named)).toBe(true)
    expect(await client.cancel(agentId, { turn: 1 })).toBe(false)
    expect(await client.state(agentId)).toMatchObject({ status: 'running', running: { turn: 2 } })
    expect(await client.cancel(agentId, { turn: 2 })).toBe(true)
    expect(await client.outcome(agentId, 'two')).toMatchObject({ end: 'cancelled', turn: 2 })
  })
})

describe('what else is repeated under its id', () => {
  test('resume lets the agent try once [commands:idempotent turn:park-resume]', async () => {
    const refused = () => fail(new ModelError('refused', 'no credit left', { status: 402 }))
    const model = scriptedModel([refused(), refused(), refused()])
    await withModel(model)
    const { client, agentId } = agents
    await client.send(agentId, 'one')
    expect(await client.resume(agentId, named)).toBe(true)
    await expect.poll(async () => [model.requests.length, (await client.state(agentId)).status], soon).toEqual([2, 'parked'])
    expect(await client.resume(agentId, named)).toBe(true)
    expect(await client.state(agentId)).toMatchObject({ status: 'parked' })
    expect(model.requests).toHaveLength(2)
  })

  test('a change of budgets does not undo a later one, neither in the agent nor in its record [commands:idempotent cost]', async () => {
    await withModel()
    const { client, agentId } = agents
    await client.setBudget(agentId, { turn: { steps: 5 } }, named)
    await client.setBudget(agentId, { turn: { steps: 7 } })
    expect(await client.setBudget(agentId, { turn: { steps: 5 } }, named)).toMatchObject({ budget: { steps: 7 } })
    expect((await client.get(agentId))?.definition.budget.steps).toBe(7)
  })

  test('a write of a block is of the block that had the label at first, whatever has it now [commands:idempotent core:history]', async () => {
    await withModel()
    const { client, agentId } = agents
    const first = await client.editBlock(agentId, 'human', 'Ada', named)
    await client.editBlock(agentId, 'human', 'Ada Lovelace')
    const undone = await client.undoBlock(agentId, 'human', { commandId: 'undo' })
    const again = async () => [await client.editBlock(agentId, 'human', 'Ada', named), await client.undoBlock(agentId, 'human', { commandId: 'undo' })]
    await client.update(agentId, { blocks: { human: { label: 'user' } } })
    expect(await again()).toEqual([first, undone])
    await client.update(agentId, { blocks: { human: { value: 'somebody else' } } })
    expect(await again()).toEqual([first, undone])
    await client.update(agentId, { blocks: { user: null } })
    expect(await again()).toEqual([first, undone])
    expect((await client.blocks(agentId)).map(({ label, value }) => [label, value])).toContainEqual(['human', 'somebody else'])
    await expect(client.editBlock(agentId, 'human', 'Eve', named)).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('taking a timer away does not take a later one of the same name [commands:idempotent event:timers]', async () => {
    await withModel()
    const { client, agentId } = agents
    await client.schedule(agentId, { id: 'tea', text: 'Tea time', afterMs: 3_600_000 })
    expect(await client.unschedule(agentId, 'tea', named)).toBe(true)
    await client.schedule(agentId, { id: 'tea', text: 'Tea time', afterMs: 7_200_000 })
    expect(await client.unschedule(agentId, 'tea', named)).toBe(true)
    expect((await client.timers(agentId)).map(({ id }) => id)).toEqual(['tea'])
  })
})
