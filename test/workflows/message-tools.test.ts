import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineClientTool } from '../../src/client/client-tool.ts'
import type { ClientToolDefinition } from '../../src/protocol/definition.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
let serving: AbortController
let served: Promise<void> | undefined
afterEach(async () => {
  serving.abort()
  await agents.close()
  await served
  served = undefined
})

const weather = defineClientTool({
  name: 'local_weather',
  description: 'The weather where the user is.',
  schema: z.object({ place: z.string() }),
  run: ({ place }) => Promise.resolve(`sun in ${place}`),
})
const clientTools = [weather.definition]
const asksIn = (place: string) => call('local_weather', { place }, { heartbeat: true })

async function start(model: ScriptedModel): Promise<void> {
  serving = new AbortController()
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', clientTools: [{ ...weather.definition, name: 'own_tool' }] })
}

const offered = (model: ScriptedModel): readonly boolean[] => model.requests.map(({ tools }) => tools.some(({ name }) => name === 'local_weather'))
const results = async (): Promise<readonly string[]> =>
  (await agents.client.messages(agents.agentId)).filter(({ toolName }) => toolName === 'local_weather').map(({ text }) => text)

async function answer(): Promise<void> {
  const { client, agentId } = agents
  const [waiting = expect.fail('no call waits')] = await client.waiting(agentId)
  await client.answerCall(agentId, waiting.op, { text: await weather.run(waiting.arguments, { agentId, op: waiting.op, signal: serving.signal }) })
}

describe('a tool that a message brings', () => {
  test('is offered in each step of its turn and in no other, and its results come as any client tool\'s [tools:of-message]', async () => {
    const model = scriptedModel([say('No.'), asksIn('Rome'), asksIn('Oslo'), say('Take sunglasses.'), asksIn('Bonn'), say('No more.')])
    await start(model)
    const { client, agentId } = agents
    await client.send(agentId, 'Umbrella?')
    expect(await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools })).toMatchObject({ end: 'parked', reason: 'client-tool', waiting: [{ name: 'local_weather' }] })
    served = client.serveTools(agentId, [weather], { signal: serving.signal })
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Take sunglasses.'] })
    expect(await client.send(agentId, 'And now?')).toMatchObject({ end: 'completed', replyTexts: ['No more.'] })
    expect(offered(model)).toEqual([false, true, true, true, false, false])
    expect(await results()).toEqual(['sun in Rome', 'sun in Oslo', expect.stringContaining('no tool "local_weather"')])
  })

  test('stands in no history [tools:of-message, history:references]', async () => {
    await start(scriptedModel([say('Yes.')]))
    const { client, agentId } = agents
    await client.send(agentId, 'Umbrella?', { clientTools })
    const { events = [] } = await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()
    expect(JSON.stringify(events, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value))).not.toContain('local_weather')
  })

  test('is still there when the agent continues as new, and when its workflow is lost, with a call that waits and with a message that does [tools:of-message, recover:from-stores]', async () => {
    const model = scriptedModel([asksIn('Rome'), asksIn('Oslo'), asksIn('Bonn'), say('Sun everywhere.'), asksIn('Lima'), say('There too.')])
    await start(model)
    const { client, agentId } = agents
    await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools })
    await client.post(agentId, 'And in Lima?', { eventId: 'e2', clientTools })
    await client.command(agentId, { type: 'renew' })
    await answer()
    await expect.poll(async () => (await client.waiting(agentId)).map(({ arguments: { place } }) => place), { timeout: 20_000 }).toEqual(['Oslo'])
    await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('somebody pressed the wrong button')
    await client.recover(agentId)
    await expect.poll(async () => (await client.waiting(agentId).catch(() => [])).map(({ arguments: { place } }) => place), { timeout: 20_000 }).toEqual(['Oslo'])
    served = client.serveTools(agentId, [weather], { signal: serving.signal })
    const ends = await Promise.all(['e1', 'e2'].map((id) => client.outcome(agentId, id, { until: 'end' })))
    expect(ends.map(({ replyTexts }) => replyTexts)).toEqual([['Sun everywhere.'], ['There too.']])
    expect(offered(model)).toEqual([true, true, true, true, true, true])
    expect(await results()).toEqual(['sun in Rome', 'sun in Oslo', 'sun in Bonn', 'sun in Lima'])
  })

  test('is part of the message: sent again it has to be the same, also where nobody waits [tools:of-message, mailbox:dedupe]', async () => {
    const model = scriptedModel([say('Yes.'), say('Signalled.')])
    await start(model)
    const { client, agentId } = agents
    const first = await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools })
    expect(await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools })).toEqual({ ...first, repeated: true })
    for (const other of [undefined, [{ ...weather.definition, description: 'Another.' }]]) {
      await expect(client.send(agentId, 'Umbrella?', { eventId: 'e1', ...(other && { clientTools: other }) })).rejects.toMatchObject({ code: 'event-conflict' })
    }
    await client.signal(agentId, 'Umbrella?', { eventId: 'e2', clientTools })
    await client.outcome(agentId, 'e2')
    expect(offered(model)).toEqual([true, true])
  })

  const broken: readonly (readonly [code: string, named: string, tools: readonly ClientToolDefinition[]])[] = [
    ['tool-conflict', 'send_message', [{ ...weather.definition, name: 'send_message' }]],
    ['tool-conflict', 'own_tool', [{ ...weather.definition, name: 'own_tool' }]],
    ['invalid-argument', 'local_weather', [weather.definition, weather.definition]],
    ['invalid-argument', 'local_weather', [{ ...weather.definition, parameters: { type: 'string' } }]],
    ['invalid-argument', '0.name', [{ ...weather.definition, name: 'Local Weather' }]],
    ['invalid-argument', 'limit', Array.from({ length: 60 }, (_, index) => ({ ...weather.definition, name: `tool_${index}`, description: 'x'.repeat(9_000) }))],
    ['invalid-argument', 'expected array', 'local_weather' as unknown as readonly ClientToolDefinition[]],
  ]

  test('has its own name among the tools that the agent has by its documents too, and is the same once sent whatever the agent has come to have [tools:of-message, mailbox:dedupe]', async () => {
    const model = scriptedModel([say('Yes.'), say('None.')])
    await start(model)
    const { client, agentId } = agents
    const opening = [{ ...weather.definition, name: 'open_document' }]
    const first = await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools: [...clientTools, ...opening] })
    await client.loadDocuments(agentId, [{ name: 'a.txt', bytes: Buffer.from('The code is 4711.') }])
    await expect.poll(async () => (await client.get(agentId))?.documents, { timeout: 20_000 }).toBe(1)
    await client.update(agentId, { clientTools })
    for (const tools of [opening, clientTools]) await expect(client.send(agentId, 'Umbrella?', { eventId: 'e2', clientTools: tools })).rejects.toMatchObject({ code: 'tool-conflict' })
    expect(await agents.stores.memory.events.get(agentId, 'e2')).toBeUndefined()
    expect(await client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools: [...clientTools, ...opening] })).toEqual({ ...first, repeated: true })
    await expect(client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools: opening })).rejects.toMatchObject({ code: 'event-conflict' })
  })

  test('that the window has no room for is refused at the sending, and ends its turn by name where the window became smaller; other messages are answered [tools:of-message, pressure:flush]', async () => {
    const [holding, opened] = [gate(), gate()]
    const model = scriptedModel([], {
      withoutTools: say('A summary.'),
      afterwards: async ({ messages }) => {
        if (messages.some(({ content }) => content.includes('Hold on'))) {
          holding.open()
          await opened.opened
        }
        return say('Yes.')
      },
    })
    await start(model)
    const { client, agentId } = agents
    // About 13,000 tokens.
    const large = Array.from({ length: 7 }, (_, index) => ({ ...weather.definition, name: `weather_${index}`, description: 'many words here '.repeat(600) }))
    await client.send(agentId, 'the tide comes and goes. '.repeat(40))
    await client.update(agentId, { contextWindow: 8_000 })
    await expect(client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools: large })).rejects.toMatchObject({ code: 'message-too-large', message: expect.stringMatching(/a window of 8000 has room for \d+ beside/) as string })
    expect(await agents.stores.memory.events.get(agentId, 'e1')).toBeUndefined()
    await client.update(agentId, { contextWindow: 32_000 })
    await client.post(agentId, 'Hold on', { eventId: 'e1' })
    await holding.opened
    await client.post(agentId, 'Umbrella?', { eventId: 'e2', clientTools: large })
    await client.post(agentId, 'And now?', { eventId: 'e3' })
    const smaller = client.update(agentId, { contextWindow: 8_000 })
    await expect.poll(async () => (await client.state(agentId)).commands).toEqual(['define'])
    opened.open()
    await smaller
    expect(await client.outcome(agentId, 'e2', { until: 'end' })).toMatchObject({ end: 'stopped', reason: 'context-overflow', detail: expect.stringMatching(/^the tools that this message has brought take \d+ tokens/) as string })
    expect(await client.outcome(agentId, 'e3', { until: 'end' })).toMatchObject({ end: 'completed' })
    // Nobody's messages have left the context for it, and what it has said is there.
    expect((await client.state(agentId)).counters.compactions).toBe(0)
    expect((await client.context(agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual([expect.stringContaining('tide'), 'Hold on', 'Umbrella?', 'And now?'])
  })

  test('of a name that the agent has, or that nobody could call, is refused by code, and nothing of the message is taken [tools:of-message]', async () => {
    await start(scriptedModel([]))
    const { client, agentId } = agents
    for (const [code, named, tools] of broken) {
      await expect(client.send(agentId, 'Umbrella?', { eventId: 'e1', clientTools: tools })).rejects.toMatchObject({ code, message: expect.stringContaining(named) as string })
    }
    expect(await agents.stores.memory.events.get(agentId, 'e1')).toBeUndefined()
  })
})
