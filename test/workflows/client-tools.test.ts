import { Client } from '@temporalio/client'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { createClient } from '../../src/client/client.ts'
import { defineClientTool, type ClientTool } from '../../src/client/client-tool.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { call, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
let serving: AbortController
const served: Promise<void>[] = []
afterEach(async () => {
  serving.abort()
  await agents.close()
  await Promise.all(served.splice(0))
})

const runs: string[] = []
const weather = defineClientTool({
  name: 'local_weather',
  description: 'The weather where the user is.',
  schema: z.object({ place: z.string(), days: z.int().default(1) }),
  run: async ({ place, days }, { op }) => {
    runs.push(op)
    if (place === 'Atlantis') throw new Error('there is no such place')
    return `${days} days of sun in ${place}`
  },
})

async function withModel(model: ScriptedModel, more: Partial<AgentInput> = {}): Promise<void> {
  runs.length = 0
  serving = new AbortController()
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', clientTools: [weather.definition], ...more })
}

function serve(tools: readonly ClientTool[] = [weather], signal = serving.signal): Promise<void> {
  const ended = agents.client.serveTools(agents.agentId, tools, { signal })
  served.push(ended)
  return ended
}

const sunny = () => call('local_weather', { place: 'Rome' }, { heartbeat: true })

async function theCall() {
  const [found] = await agents.client.waiting(agents.agentId)
  if (found === undefined) throw new Error('no call waits')
  return found
}

const results = async (): Promise<readonly string[]> =>
  (await agents.client.messages(agents.agentId)).filter(({ toolName }) => toolName === 'local_weather').map(({ text }) => text)

async function expectPairs(): Promise<void> {
  const messages = await agents.client.messages(agents.agentId)
  for (const [index, { role, calls = [] }] of messages.entries()) {
    if (role !== 'assistant') continue
    expect(messages.slice(index + 1, index + 1 + calls.length).map(({ callId }) => callId)).toEqual(calls.map(({ id }) => id))
  }
}

describe('a tool that runs at the caller', () => {
  test('is offered to the model, and the turn waits for its result [tools:client-side turn:named-end]', async () => {
    const model = scriptedModel([sunny(), say('Take sunglasses.')])
    await withModel(model)
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Umbrella?', { eventId: 'e1' })).toMatchObject({ end: 'parked', reason: 'client-tool', waiting: [{ name: 'local_weather', for: 'client' }] })
    const offered = model.requests[0]?.tools.find(({ name }) => name === 'local_weather')
    expect(offered).toMatchObject({ description: weather.definition.description, parameters: { required: ['place'] } })
    expect(Object.keys(offered?.parameters['properties'] ?? {})).toEqual(['inner_thoughts', 'place', 'days', 'request_heartbeat'])
    const waiting = await theCall()
    expect(waiting).toMatchObject({ op: `${agentId}/1/1/0`, for: 'client', arguments: { place: 'Rome' } })
    expect(await client.answerCall(agentId, waiting.op, { text: 'Sun' })).toEqual({ already: false })
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Take sunglasses.'] })
    expect(await client.answerCall(agentId, waiting.op, { text: 'Sun' })).toEqual({ already: true })
    await expect(client.answerCall(agentId, waiting.op, { text: 'Rain' })).rejects.toMatchObject({ code: 'call-answered' })
    expect(await results()).toEqual(['Sun'])
    expect(model.requests).toHaveLength(2)
    await expectPairs()
  })

  test('is run by whoever serves it, each call once, side by side and in the order asked for [tools:client-side step:parallel-calls step:pairing]', async () => {
    const places = ['Rome', 'Oslo', 'Atlantis'].map((place) => call('local_weather', { place, days: 2 }, { heartbeat: true }))
    await withModel(scriptedModel([places, sunny(), say('All known.')]))
    const ended = serve()
    const { client, agentId } = agents
    expect(await client.send(agentId, 'And everywhere?', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['All known.'] })
    expect(await results()).toEqual(['2 days of sun in Rome', '2 days of sun in Oslo', 'there is no such place', '1 days of sun in Rome'])
    expect(runs.toSorted()).toEqual(['1/0', '1/1', '1/2', '2/0'].map((end) => `${agentId}/1/${end}`))
    serving.abort()
    await ended
    await expectPairs()
  })

  test('whose caller dies is run by the next one under the same operation id; a late result changes nothing [tools:client-side]', async () => {
    await withModel(scriptedModel([sunny(), say('Thanks.')]))
    const { client, agentId } = agents
    const late = gate()
    const slow = { ...weather, run: async (args: Readonly<Record<string, unknown>>, context: Parameters<ClientTool['run']>[1]) => {
      await late.opened
      return weather.run({ ...args, place: 'Bonn' }, context)
    } }
    const first = new AbortController()
    const dying = serve([slow], first.signal)
    await client.send(agentId, 'Umbrella?', { eventId: 'e1' })
    const next = serve()
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed' })
    late.open()
    first.abort()
    serving.abort()
    await Promise.all([dying, next])
    expect(await results()).toEqual(['1 days of sun in Rome'])
    expect(new Set(runs).size).toBe(1)
  })

  test('is served no longer, and without an error, once its caller leaves and closes the connection, also under a look [tools:client-side]', async () => {
    await withModel(scriptedModel([]))
    const { stores, taskQueue, temporal, agentId } = agents
    const connection = await connectTemporal({ address: inject('temporalAddress') })
    const leave = async (): Promise<void> => {
      serving.abort()
      await connection.close()
    }
    const { messages } = stores.memory
    const latestSeq = async (key: string): Promise<number> => {
      await leave()
      return messages.latestSeq(key)
    }
    const client = createClient({ temporal: new Client({ connection, namespace: temporal.options.namespace }), stores: { ...stores, memory: { ...stores.memory, messages: { ...messages, latestSeq } } }, taskQueue })
    await client.serveTools(agentId, [weather], { signal: serving.signal })
    expect(serving.signal.aborted).toBe(true)
  })

  test('may need a person\'s approval first, who may change its arguments [tools:client-side turn:approval]', async () => {
    await withModel(scriptedModel([sunny(), sunny(), say('Fine.')]), { approval: ['local_weather'] })
    void serve()
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Umbrella?', { eventId: 'e1' })).toMatchObject({ reason: 'approval', waiting: [{ for: 'approval' }] })
    await client.approve(agentId, (await theCall()).op, { arguments: { place: 'Oslo' }, by: 'Ada' })
    await expect.poll(async () => (await client.waiting(agentId)).map(({ op }) => op), { timeout: 20_000 }).toEqual([`${agentId}/1/2/0`])
    await client.refuse(agentId, (await theCall()).op)
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect(await results()).toEqual([
      'Ada changed the arguments of this call to {"place":"Oslo"} before it was run.\n1 days of sun in Oslo',
      'refused by a person. It was not run.',
    ])
  })

  test('that nobody runs in time says so, and the turn goes on [tools:client-side turn:named-end]', async () => {
    await withModel(scriptedModel([sunny(), say('I do not know.')]), { clientTools: [{ ...weather.definition, answerWithinMs: 1_000 }] })
    expect(await agents.client.send(agents.agentId, 'Umbrella?', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['I do not know.'] })
    expect(await results()).toEqual(['no caller gave the result of this call within 1 second; whether it was run is not known'])
  })

  test('has results of the length that every tool has, and keeps them out of the history [tools:client-side history:references]', async () => {
    await withModel(scriptedModel([sunny(), say('Long.')]))
    const { client, agentId } = agents
    await client.send(agentId, 'Umbrella?', { eventId: 'e1' })
    const { op } = await theCall()
    await expect(client.answerCall(agentId, op, { text: 'x'.repeat(300_000) })).rejects.toMatchObject({ code: 'message-too-large' })
    await client.answerCall(agentId, op, { text: 'sunshine '.repeat(5_000), ok: true })
    await client.outcome(agentId, 'e1', { until: 'end' })
    const [result = ''] = await results()
    expect(result.length).toBeLessThan(17_000)
    expect(result).toContain('cut here')
    const { events } = await agents.temporal.workflow.getHandle(`agent:${agentId}`).fetchHistory()
    expect(JSON.stringify(events, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value))).not.toContain('sunshine')
  })

  test('is called with arguments that fit its schema, or not at all [tools:client-side step:malformed-call]', async () => {
    await withModel(scriptedModel([call('local_weather', { town: 'Rome' }), say('Never mind.')]))
    expect(await agents.client.send(agents.agentId, 'Umbrella?')).toMatchObject({ end: 'completed', replyTexts: ['Never mind.'] })
    expect(await results()).toEqual([expect.stringContaining('place')])
  })
})

describe('a definition', () => {
  const broken: readonly (readonly [string, Partial<AgentInput>])[] = [
    ['local_weather', { clientTools: [{ ...weather.definition, parameters: { type: 'objekt' } }] }],
    ['local_weather', { clientTools: [{ ...weather.definition, parameters: { type: 'string' } }] }],
    ['request_heartbeat', { clientTools: [{ ...weather.definition, parameters: { type: 'object', properties: { request_heartbeat: { type: 'boolean' } } } }] }],
    ['send_message', { clientTools: [{ ...weather.definition, name: 'send_message' }] }],
    ['local_weather', { clientTools: [weather.definition, weather.definition] }],
    ['clientTools.0.name', { clientTools: [{ ...weather.definition, name: 'Local Weather' }] }],
  ]

  test('with a tool that nobody could call is refused by name [tools:client-side]', async () => {
    serving = new AbortController()
    agents = await startAgents({ model: scriptedModel([]) })
    for (const [name, part] of broken) {
      const create = agents.client.create({ id: agents.agentId, ...part })
      await expect(create).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(name) as string })
    }
  })

  test('with the same client tools again is the same; with others it is a conflict [tools:client-side agent:create]', async () => {
    await withModel(scriptedModel([]))
    const again = { id: agents.agentId, model: 'scripted' }
    expect((await agents.client.create({ ...again, clientTools: [weather.definition] })).created).toBe(false)
    await expect(agents.client.create(again)).rejects.toMatchObject({ code: 'agent-exists' })
  })
})
