import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AgentInput } from '../../../src/definition/define-agent.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { call, hang, say, scriptedModel, type ScriptedModel } from '../../../src/testing.ts'
import { defineTool } from '../../../src/tools/tool.ts'
import { gate } from '../../support/gate.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { storesWith } from '../../support/stores-with.ts'
import { echoingModel, holdingModel, lastText, talk, textsOf } from './talk.ts'

let agents: Agents
afterEach(() => agents.close())

const { workflow, posted, signalled, outcomes, conversation } = talk(() => agents)

async function startWith(model: ScriptedModel, more: Partial<AgentInput> = {}): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...more })
}

/** What an operator can do to an agent's workflow, each of which takes its history away. */
const strikes: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['terminated', () => workflow().terminate('somebody pressed the wrong button')],
  [
    'deleted',
    () => agents.temporal.workflowService.deleteWorkflowExecution({ namespace: agents.temporal.options.namespace, workflowExecution: { workflowId: workflowIdOf(agents.agentId) } }),
  ],
]

describe.each(strikes)('an agent whose workflow is %s in the middle of a turn', (_, strike) => {
  test('ends that turn and has those of all messages that wait, by itself, in their order [recover:from-stores]', async () => {
    const { model, holds, open } = holdingModel()
    await startWith(model)
    await posted('hold', 'second', 'third')
    await holds
    await strike()
    open()
    const ends = await outcomes('hold', 'second', 'third')
    expect(ends.map(({ end, replyTexts }) => [end, replyTexts.length])).toEqual([['completed', 1], ['completed', 1], ['completed', 1]])
    expect(await conversation()).toEqual(textsOf(['hold', 'second', 'third']))
    await posted('fourth')
    await outcomes('fourth')
    expect(await conversation()).toEqual(textsOf(['hold', 'second', 'third', 'fourth']))
    expect((await agents.client.state(agents.agentId)).counters).toMatchObject({ turns: 4, steps: 4, messages: 12 })
  }, 90_000)
})

test('a workflow that is started by messages that are sent again has them in the order in which they were sent first [recover:from-stores mailbox:fifo]', async () => {
  await startWith(echoingModel())
  await agents.withoutWorker(async () => {
    await signalled('first', 'second', 'third')
    await workflow().terminate('somebody pressed the wrong button')
    await signalled('third', 'second', 'first', 'fourth')
  })
  await outcomes('first', 'second', 'third', 'fourth')
  expect(await conversation()).toEqual(textsOf(['first', 'second', 'third', 'fourth']))
}, 90_000)

describe('a turn that is taken up', () => {
  test('does not pay again for an inference that is stored, and delivers its replies once [recover:from-stores]', async () => {
    const [asked, opened] = [gate(), gate()]
    let seconds = 0
    const model = scriptedModel([], {
      afterwards: async ({ messages }) => {
        if (messages.at(-1)?.role !== 'tool') return [call('send_message', { message: 'one moment' }), call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true })]
        seconds += 1
        asked.open()
        if (seconds === 1) await opened.opened
        return say('done')
      },
    })
    await startWith(model)
    await posted('first')
    await asked.opened
    await workflow().terminate('wrong button')
    await posted('next')
    opened.open()
    await outcomes('first', 'next')
    // The second inference was under way when its workflow was lost; the first was stored, and is not asked for again.
    const [first] = await conversation()
    expect(first).toEqual(['first', ['one moment', 'done']])
    expect(model.requests.filter(({ messages }) => lastText({ messages }) === 'first' && messages.at(-1)?.role === 'user')).toHaveLength(1)
    expect((await agents.client.blockHistory(agents.agentId, 'human')).filter(({ value }) => value.includes('Ada'))).toHaveLength(1)
    expect((await agents.client.outcome(agents.agentId, 'first')).replyTexts).toEqual(['one moment', 'done'])
  })

  test('goes on waiting for its approvals, and knows those that were given [recover:from-stores turn:approval]', async () => {
    await startWith(
      scriptedModel([], {
        afterwards: ({ messages }) =>
          messages.at(-1)?.role === 'tool' ? say('both are done') : [call('core_memory_append', { label: 'human', content: 'one' }), call('core_memory_append', { label: 'human', content: 'two' }, { heartbeat: true })],
      }),
      { approval: ['core_memory_append'] },
    )
    await posted('first')
    const waiting = async () => agents.client.waiting(agents.agentId)
    await expect.poll(async () => (await waiting()).length, { timeout: 20_000 }).toBe(2)
    const [one, two] = await waiting()
    await agents.client.approve(agents.agentId, one?.op ?? '', { by: 'Mira' })
    await workflow().terminate('wrong button')
    await agents.client.recover(agents.agentId)
    await expect.poll(async () => (await waiting()).map(({ op }) => op), { timeout: 20_000 }).toEqual([two?.op])
    await agents.client.approve(agents.agentId, two?.op ?? '')
    expect((await outcomes('first'))[0]).toMatchObject({ end: 'completed', replyTexts: ['both are done'] })
    expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toMatch(/one\s*two/)
  })
})

describe('approvals of before a loss', () => {
  interface Bells {
    readonly rung: string[]
    /** The second bell has begun to ring; it rings until it is let go. */
    readonly holding: Promise<void>
    readonly letGo: () => void
    /** The call of the first bell, which waits for approval. */
    readonly op: string
  }

  /** An agent that has to ask before it rings the first of two bells. */
  const asked = async (): Promise<Bells> => {
    const rung: string[] = []
    const [holds, gone] = [gate(), gate()]
    const bell = (name: string, ring: () => Promise<unknown>) =>
      defineTool({
        name,
        description: 'Rings a bell.',
        schema: z.object({}),
        policy: { placement: 'activity', idempotent: true },
        run: async () => {
          await ring()
          rung.push(name)
          return 'It rang.'
        },
      })
    const holding = async (): Promise<void> => {
      holds.open()
      await gone.opened
    }
    agents = await startAgents({
      model: scriptedModel([], { afterwards: ({ messages }) => (messages.at(-1)?.role === 'tool' ? say('done') : [call('small_bell', {}), call('large_bell', {}, { heartbeat: true })]) }),
      tools: [bell('small_bell', () => Promise.resolve()), bell('large_bell', holding)],
    })
    await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'small_bell', 'large_bell'], approval: ['small_bell'] })
    await posted('first')
    await expect.poll(async () => (await agents.client.waiting(agents.agentId)).length, { timeout: 20_000 }).toBe(1)
    const [{ op } = { op: '' }] = await agents.client.waiting(agents.agentId)
    return { rung, op, holding: holds.opened, letGo: () => gone.open() }
  }
  const ringing = async (): Promise<string | undefined> => (await agents.client.messages(agents.agentId)).find(({ role }) => role === 'tool')?.text
  /** Stored, and then turned away, as another one was first. No store knows which of the two that was. */
  const turnedAway = (op: string, answer: 'approve' | 'refuse') => agents.stores.memory.answers.put({ agentId: agents.agentId, op, id: 'turned-away', answer, by: 'Bert', at: new Date().toISOString() })

  test('that were all given let the turn go on at once [recover:from-stores turn:approval]', async () => {
    const { op, holding, letGo } = await asked()
    await agents.client.approve(agents.agentId, op)
    await holding
    await workflow().terminate('wrong button')
    await agents.client.recover(agents.agentId)
    letGo()
    expect((await outcomes('first'))[0]).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect((await conversation())[0]).toEqual(['first', ['done']])
  }, 60_000)

  test('do not count where they were edits that did not fit: the call goes on waiting [recover:from-stores turn:approval]', async () => {
    const { op, rung, letGo } = await asked()
    const { client, agentId } = agents
    letGo()
    await expect(client.approve(agentId, op, { arguments: { loudly: 'yes' } })).rejects.toMatchObject({ code: 'tool-arguments' })
    await workflow().terminate('wrong button')
    await client.recover(agentId)
    await expect.poll(async () => (await client.waiting(agentId)).map((call) => call.op), { timeout: 20_000 }).toEqual([op])
    expect(rung).not.toContain('small_bell')
    await client.approve(agentId, op)
    expect((await outcomes('first'))[0]).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect(await ringing()).toBe('It rang.')
  }, 60_000)

  test('count where the call has begun, whatever was said later [recover:from-stores turn:approval step:at-most-once]', async () => {
    const { op, rung, holding, letGo } = await asked()
    const { client, stores, agentId } = agents
    await client.approve(agentId, op, { by: 'Mira' })
    await holding
    await expect.poll(async () => (await stores.memory.claims.get(agentId, op))?.outcome, { timeout: 20_000 }).toBeDefined()
    await turnedAway(op, 'refuse')
    await workflow().terminate('wrong button')
    await client.recover(agentId)
    letGo()
    expect((await outcomes('first'))[0]).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect(await ringing()).toBe('It rang.')
    expect(rung.filter((name) => name === 'small_bell')).toHaveLength(1)
  }, 60_000)

  test('count for nothing where another answer refused, and nothing has begun [recover:from-stores turn:approval]', async () => {
    const { op, rung, letGo } = await asked()
    const { client, stores, agentId } = agents
    letGo()
    await turnedAway(op, 'approve')
    await agents.withoutWorker(async () => {
      void client.refuse(agentId, op, { by: 'Mira' }).catch(() => undefined)
      await expect.poll(async () => (await stores.memory.answers.to(agentId, [op])).length, { timeout: 20_000 }).toBe(2)
      await workflow().terminate('wrong button')
    })
    await client.recover(agentId)
    expect((await outcomes('first'))[0]).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect(rung).not.toContain('small_bell')
    expect(await ringing()).toMatch(/^refused by Mira/)
  }, 60_000)
})

describe('an agent whose workflow somebody asks Temporal to cancel', () => {
  test('has its turn cancelled, and lives on [recover:from-stores turn:cancel]', async () => {
    await startWith(scriptedModel([hang()], { afterwards: say('Hello.') }))
    await posted('first', 'second')
    await expect.poll(async () => (await agents.client.state(agents.agentId)).running?.doing, { timeout: 20_000 }).toBe('thinking')
    await workflow().cancel()
    const [first, second] = await outcomes('first', 'second')
    expect([first?.end, second?.end]).toEqual(['cancelled', 'completed'])
    expect((await workflow().describe()).status.name).toBe('RUNNING')
    // A cancel that finds no turn changes nothing.
    await workflow().cancel()
    await posted('third')
    expect((await outcomes('third'))[0]?.end).toBe('completed')
    expect((await workflow().describe()).status.name).toBe('RUNNING')
  })
})

describe('timers of an agent whose workflow is lost', () => {
  test('are known to the next one, and fire [recover:from-stores event:timers]', async () => {
    await startWith(echoingModel())
    await agents.client.schedule(agents.agentId, { id: 'tea', text: 'Make tea.', afterMs: 4_000 })
    await agents.client.schedule(agents.agentId, { id: 'gone', text: 'Never.', afterMs: 3_600_000 })
    await agents.client.schedule(agents.agentId, { id: 'later', text: 'Look.', afterMs: 3_600_000, everyMs: 3_600_000 })
    await agents.client.unschedule(agents.agentId, 'gone')
    await workflow().terminate('wrong button')
    const fired = async () => (await agents.client.messages(agents.agentId)).filter(({ kind }) => kind === 'timer').map(({ text }) => text)
    await expect.poll(fired, { timeout: 60_000, interval: 500 }).toEqual([expect.stringContaining('Make tea.')])
    await expect.poll(async () => (await agents.client.timers(agents.agentId)).map(({ id, text }) => [id, text]), { timeout: 20_000 }).toEqual([['later', 'Look.']])
    await workflow().terminate('wrong button')
    await agents.client.recover(agents.agentId)
    // A workflow that has just begun answers before it has read the stores.
    await expect.poll(async () => (await agents.client.timers(agents.agentId)).map(({ id }) => id), { timeout: 20_000 }).toEqual(['later'])
    expect(await fired()).toHaveLength(1)
  }, 120_000)
})

test('copies of the timers do not cross: the stores have the latest, however late an earlier one comes [recover:from-stores event:timers]', async () => {
  const [putting, late] = [gate(), gate()]
  let copies = 0
  agents = await startAgents({ model: scriptedModel([]), stores: await storesWith(({ timers }) => ({
    timers: {
      ...timers,
      put: async (stored) => {
        copies += 1
        if (copies === 1) {
          putting.open()
          await late.opened
        }
        return timers.put(stored)
      },
    },
  })) })
  const { client, agentId, stores } = agents
  await client.create({ id: agentId, model: 'scripted' })
  const first = client.schedule(agentId, { id: 'first', text: 'One.', afterMs: 3_600_000 })
  await putting.opened
  const second = client.schedule(agentId, { id: 'second', text: 'Two.', afterMs: 3_600_000 })
  await expect.poll(async () => (await client.state(agentId)).timers?.length, { timeout: 20_000 }).toBe(2)
  late.open()
  await Promise.all([first, second])
  expect((await stores.memory.timers.get(agentId))?.timers.map(({ id }) => id).toSorted()).toEqual(['first', 'second'])
})
