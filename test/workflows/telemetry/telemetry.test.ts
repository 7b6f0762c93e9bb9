import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createClient, type PerdureClient } from '../../../src/client/client.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { readConfig } from '../../../src/config/config.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { openStores } from '../../../src/stores/open.ts'
import { freeAddress } from '../../../src/telemetry/free-address.ts'
import { metrics } from '../../../src/telemetry/metrics.ts'
import { turnTrace } from '../../../src/telemetry/trace-ids.ts'
import type { TurnResult } from '../../../src/client/types.ts'
import { call, fail, hang, ModelError, say, scriptedModel, serveModel, simulatedEmbedder, type ScriptedStep } from '../../../src/testing.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { startCliWorker } from './cli-worker.ts'
import { startCollector, type ReceivedSpan } from './collector.ts'

/** Words of the conversation, of a key, and of an error's text, which nothing that is told may hold. */
const said = 'zebrafinch'
const key = 'sk-partridge-0123456789'
const quoted = 'nightingale'

interface Place {
  readonly client: PerdureClient
  readonly agentId: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly requests: () => number
  close(): Promise<void>
}

async function place(steps: readonly ScriptedStep[], settings: Readonly<Record<string, string>>): Promise<Place> {
  const folder = await temporaryFolder()
  const [address, namespace] = [inject('temporalAddress'), inject('temporalNamespace')]
  const model = scriptedModel(steps, { usage: () => ({ promptTokens: 100, cachedTokens: 40, completionTokens: 10 }) })
  const embedder = simulatedEmbedder()
  const served = await serveModel({ model, embedder })
  const environment = {
    PERDURE_HOME: join(folder.path, 'home'),
    PERDURE_TASK_QUEUE: `telemetry-${randomUUID()}`,
    PERDURE_EMBEDDING_MODEL: embedder.model,
    PERDURE_PRICES: 'scripted=2/1/4',
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    OPENAI_BASE_URL: served.url,
    OPENAI_API_KEY: key,
    MONGODB_URI: undefined,
    QDRANT_URL: undefined,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    ...settings,
  }
  const config = readConfig(environment)
  mkdirSync(config.home, { recursive: true })
  const stores = await openStores(config.stores)
  const connection = await connectTemporal({ address })
  const temporal = new Client({ connection, namespace })
  const client = createClient({ temporal, taskQueue: config.taskQueue, stores })
  const agentId = `a-${randomUUID().slice(0, 8)}`
  await client.create({ id: agentId, model: 'scripted' })
  return {
    client,
    agentId,
    environment,
    requests: () => model.requests.length,
    close: async () => {
      await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('the test is over')
      await stores.close()
      await connection.close()
      await served.close()
      await folder.remove()
    },
  }
}

const scrape = async (address: string): Promise<string> => (await fetch(`http://${address}/metrics`)).text()

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50)
}

/** `name{…} value` as a number, of the line that has all those labels. */
function sampleOf(exposed: string, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const lines = exposed.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  const line = lines.find((candidate) => Object.entries(labels).every(([label, value]) => candidate.includes(`${label}="${value}"`)))
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1))
}

describe('a turn that a model\'s error holds up and that another worker finishes', () => {
  let here: Place
  let collector: Awaited<ReturnType<typeof startCollector>>
  let result: TurnResult
  let [firstMetrics, secondMetrics] = ['', '']
  let logs: readonly string[] = []
  let stdout: readonly string[] = []
  let [firstAddress, secondAddress] = ['', '']
  const addressIn = (log: string): string => /"metrics are served","address":"([^"]+)"/.exec(log)?.[1] ?? ''

  beforeAll(async () => {
    collector = await startCollector()
    here = await place(
      [
        fail(new ModelError('server-error', `it said ${quoted}`, { status: 500 })),
        call('core_memory_append', { label: 'human', content: `Keeps a ${said}` }, { heartbeat: true, thoughts: `A ${said}!` }),
        hang(),
        say(`How is the ${said}?`),
      ],
      {
        PERDURE_TELEMETRY: 'on',
        PERDURE_METRICS_ADDRESS: await freeAddress('127.0.0.1:29464'),
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        // All that the log can say.
        PERDURE_LOG_LEVEL: 'debug',
      },
    )
    const first = await startCliWorker(here.environment)
    const turn = here.client.send(here.agentId, `I keep a ${said}.`)
    await until(() => here.requests() === 3 && collector.spans.some(({ name }) => name.startsWith('execute_tool')))
    firstAddress = addressIn(first.stderr())
    const second = await startCliWorker(here.environment)
    secondAddress = addressIn(second.stderr())
    firstMetrics = await scrape(firstAddress)
    await first.kill()
    result = await turn
    // The SDK counts a task of the workflow when the server has taken its result, which may be after the turn's end is known here.
    await vi.waitFor(async () => expect((secondMetrics = await scrape(secondAddress))).toContain('temporal_workflow_task_execution_latency'), { timeout: 20_000 })
    await second.stop()
    logs = [first.stderr(), second.stderr()]
    stdout = [first.stdout(), second.stdout()]
  })
  afterAll(async () => {
    await here.close()
    await collector.close()
  })

  const named = (name: string): ReceivedSpan[] => collector.spans.filter((span) => span.name === name)

  test('is one trace, whose id comes of agent and turn, with one root [telemetry]', () => {
    expect(result).toMatchObject({ end: 'completed', turn: 1, figures: { steps: 2 } })
    const { traceId, rootSpanId } = turnTrace(here.agentId, 1)
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === '')
    expect(roots.map(({ name, spanId }) => [name, spanId])).toEqual([[`invoke_agent ${here.agentId}`, rootSpanId]])
    const others = collector.spans.filter((span) => span !== roots[0])
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(new Set(others.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([rootSpanId]))
    expect(new Set(collector.spans.map(({ instance }) => instance)).size).toBe(2)
    const chats = named('chat scripted')
    expect(Math.min(...others.map(({ startedAt }) => startedAt))).toBeGreaterThanOrEqual(roots[0]?.startedAt ?? Infinity)
    expect(Math.max(...chats.map(({ endedAt }) => endedAt))).toBeLessThanOrEqual(roots[0]?.endedAt ?? 0)
  })

  test('has each call of the model and of a tool, with attempt, tokens and the kind of error [telemetry]', () => {
    const attempts = named('chat scripted').map(({ attributes, failed }) => [attributes['perdure.step'], attributes['perdure.attempt'], attributes['error.type'], failed])
    expect(attempts).toEqual([
      [1, 1, 'server-error', true],
      [1, 2, undefined, false],
      // The first attempt at step 2 died with its worker: what it would have told is lost with it.
      [2, 2, undefined, false],
    ])
    expect(named('chat scripted').at(-1)?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'scripted',
      'gen_ai.conversation.id': here.agentId,
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.output_tokens': 10,
    })
    expect(named('execute_tool core_memory_append')).toHaveLength(1)
    const [tool] = named('execute_tool core_memory_append')
    expect(tool?.attributes).toMatchObject({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'core_memory_append', 'perdure.op': `${here.agentId}/1/1/0` })
    expect(tool?.attributes['gen_ai.tool.call.id']).toEqual(expect.any(String))
    const [root] = named(`invoke_agent ${here.agentId}`)
    expect(root?.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 200, 'gen_ai.usage.output_tokens': 20, 'perdure.turn.end': 'completed', 'perdure.cost_micro_dollars': result.figures.costMicros })
  })

  test('is counted, at each worker\'s own address, without the name of an agent [telemetry cost]', () => {
    expect(firstAddress).toBe(here.environment['PERDURE_METRICS_ADDRESS'])
    expect(secondAddress).not.toBe(firstAddress)
    expect(sampleOf(firstMetrics, 'perdure_inference_seconds_count', { error: 'server-error', model: 'scripted', purpose: 'step' })).toBe(1)
    expect(sampleOf(firstMetrics, 'perdure_tool_calls_total', { tool: 'core_memory_append', error: 'none' })).toBe(1)
    expect(sampleOf(firstMetrics, 'perdure_turns_total')).toBeUndefined()
    expect(sampleOf(secondMetrics, 'perdure_turns_total', { end: 'completed', reason: 'none' })).toBe(1)
    const stepCost = 60 * 2 + 40 * 1 + 10 * 4
    expect(sampleOf(secondMetrics, 'perdure_cost_micro_dollars_total', { model: 'scripted' })).toBe(stepCost)
    expect(sampleOf(secondMetrics, 'perdure_tokens_total', { kind: 'prompt', model: 'scripted' })).toBe(100)
    expect(secondMetrics).toContain('temporal_workflow_task_execution_latency')
    expect(firstMetrics + secondMetrics).not.toContain(here.agentId)
    const exposed = Array.from(secondMetrics.matchAll(/^# TYPE (perdure_\w+) (\w+)$/gm), ([, name = '', kind]) => [name.replace(/_total$/, ''), kind])
    const known = Object.entries(metrics).map(([name, { kind }]) => [name, kind])
    expect(exposed.length).toBeGreaterThan(5)
    expect(known).toEqual(expect.arrayContaining(exposed))
  })

  test('is told in the log, line by line as JSON [telemetry]', () => {
    const lines = logs.flatMap((log) => log.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>))
    for (const line of lines) expect(line).toMatchObject({ level: expect.stringMatching(/^(debug|info|warn|error)$/) as string, time: expect.any(String) as string, message: expect.any(String) as string })
    expect(lines).toContainEqual(expect.objectContaining({ message: 'inference', agent: here.agentId, turn: 1, step: 1, attempt: 1, error: 'server-error', level: 'warn' }))
    expect(lines).toContainEqual(expect.objectContaining({ message: 'tool', tool: 'core_memory_append' }))
    expect(lines).toContainEqual(expect.objectContaining({ message: 'turn ended', agent: here.agentId, turn: 1, end: 'completed', steps: 2, costMicros: result.figures.costMicros }))
    expect(lines).toContainEqual(expect.objectContaining({ message: 'the address for metrics is taken; the next free one is used', address: secondAddress }))
  })

  test('leaves no word of the conversation, of a key or of an error\'s text in any of it [telemetry]', () => {
    expect(result.replyTexts.join()).toContain(said)
    const told = [collector.bytes(), firstMetrics, secondMetrics, ...logs, ...stdout].join('\n')
    expect(told.length).toBeGreaterThan(10_000)
    for (const word of [said, key, quoted]) expect(told).not.toContain(word)
  })
})

describe('a worker without telemetry', () => {
  test('listens nowhere, sends nothing, loads none of OpenTelemetry, and one with it does [telemetry]', async () => {
    const collector = await startCollector()
    const address = await freeAddress('127.0.0.1:29564')
    const here = await place([say('Hello.'), say('Hello.')], { PERDURE_METRICS_ADDRESS: address, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    try {
      const silent = await startCliWorker(here.environment)
      await here.client.send(here.agentId, 'Hi')
      expect(await isOpen(address)).toBe(false)
      await silent.stop()
      expect(collector.bytes()).toBe('')
      expect(silent.stdout()).toContain('opentelemetry modules loaded: 0\n')
      expect(silent.stderr()).not.toContain('"level"')

      const telling = await startCliWorker({ ...here.environment, PERDURE_TELEMETRY: 'on' })
      await here.client.send(here.agentId, 'Hi')
      expect(await isOpen(address)).toBe(true)
      await telling.stop()
      expect(collector.bytes()).toContain('/v1/traces')
      expect(telling.stdout()).toMatch(/opentelemetry modules loaded: [1-9]/)
    } finally {
      await here.close()
      await collector.close()
    }
  }, 300_000)
})

function isOpen(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':')
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port: Number(port) }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
