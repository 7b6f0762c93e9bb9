import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createClient } from '../../../src/client/client.ts'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import type { Observation } from '../../../src/protocol/observation.ts'
import { openEmbeddedStores } from '../../../src/stores/embedded/open.ts'
import { metrics } from '../../../src/telemetry/metrics.ts'
import { startTelemetry } from '../../../src/telemetry/start.ts'
import { hang, say, scriptedModel, simulatedEmbedder } from '../../../src/testing.ts'
import { createWorker } from '../../../src/worker/create-worker.ts'
import { readPlainYaml } from '../../support/plain-yaml.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const deploy = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url)), 'utf8')
const alerts = (readPlainYaml(deploy('prometheus/alerts.yml')) as { groups: { rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string; description: string } }[] }[] }).groups.flatMap(({ rules }) => rules)
const dashboard = JSON.parse(deploy('grafana/perdure.json')) as { panels: { id: number; title: string; type: string; targets?: { expr: string }[] }[] }
const expressions = [...alerts.map(({ alert, expr }) => [alert, expr] as const), ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const))]

/** Of Prometheus itself, and labels that it adds. */
const ofPrometheus = { metrics: ['up'], labels: ['job', 'instance'] }
const words = new Set(['by', 'or', 'and', 'unless', 'offset', 'le'])

/** Metrics that an expression names, each with the labels that it is selected by. */
function selected(expr: string): { readonly name: string; readonly labels: readonly string[] }[] {
  const plain = expr.replace(/\[[^\]]*\]/g, '').replace(/\bby \([^)]*\)/g, '').replace(/\boffset \w+/g, '')
  return Array.from(plain.matchAll(/\b([a-z_][a-z0-9_]*)(?:\{([^}]*)\})?(\s*\()?/g))
    .filter(([, name = '', , call]) => call === undefined && !words.has(name) && !/"[^"]*$/.test(name))
    .map(([, name = '', matchers = '']) => ({ name, labels: Array.from(matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g), ([, label = '']) => label) }))
}

/** What a worker has told Prometheus: names of samples, each with all labels that it was seen with. */
const exported = new Map<string, Set<string>>()
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder()
  const [address, namespace] = [inject('temporalAddress'), inject('temporalNamespace')]
  const telemetry = await startTelemetry({ metricsAddress: '127.0.0.1:29664', logLevel: 'error', environment: {}, version: 'test', write: () => undefined })
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  const [connection, native] = await Promise.all([connectTemporal({ address }), NativeConnection.connect({ address })])
  const temporal = new Client({ connection, namespace })
  const taskQueue = `monitoring-${randomUUID()}`
  const model = scriptedModel([say('Hello.'), hang()])
  const workflowBundle = { code: inject('workflowCode') }
  const worker = await createWorker({ connection: native, namespace, taskQueue, stores, model, embedder: simulatedEmbedder(), observe: telemetry.observe, workflowBundle })
  const running = worker.run()
  const client = createClient({ temporal, taskQueue, stores })
  const agentId = `a-${randomUUID().slice(0, 8)}`
  await client.create({ id: agentId, model: 'scripted' })
  await client.send(agentId, 'Hello')
  // A worker whose workflow is gone is refused: that is a request that failed.
  await client.post(agentId, 'Hang on')
  await vi.waitUntil(() => model.requests.length === 2, { timeout: 60_000, interval: 50 })
  await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('the test is over')
  for (const observation of oneOfEach()) telemetry.observe(observation)
  const scrape = async (): Promise<string> => (await fetch(`http://${telemetry.metricsAddress}/metrics`)).text()
  await vi.waitUntil(async () => (await scrape()).includes('temporal_request_failure_total{'), { timeout: 60_000, interval: 200 })
  for (const line of (await scrape()).split('\n').filter((text) => /^\w+\{/.test(text))) {
    const [, name = '', labels = ''] = /^(\w+)\{(.*)\} /.exec(line) ?? []
    const known = exported.get(name) ?? new Set()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    exported.set(name, known)
  }
  worker.shutdown()
  await running
  await telemetry.close()
  await stores.close()
  await Promise.all([connection.close(), native.close()])
}, 180_000)
afterAll(() => folder.remove())

/** Enough for each metric to have a sample. */
function oneOfEach(): readonly Observation[] {
  const attempt = { agentId: 'ada', turn: 1, op: 'ada/1/1', attempt: 1, startedAt: 1_000, endedAt: 1_250 }
  const usage = { promptTokens: 30, cachedTokens: 10, completionTokens: 5 }
  const request = { type: 'request', method: 'GET', route: '/health', status: 200, trace: { traceId: 'a', sampled: true }, startedAt: 1_000, endedAt: 1_250 } as const
  const outcome = { turn: 1, eventId: 'e', replies: [], figures: { steps: 1, ...usage, latencyMs: 900 } }
  return [
    { ...attempt, type: 'tool', step: 1, tool: 'send_message' },
    { ...attempt, type: 'step', step: 1, model: 'm', usage },
    { ...attempt, type: 'step', step: 1, model: 'm', usage: { ...usage, costMicros: 70 } },
    { ...attempt, type: 'compaction', model: 'm', byModel: false },
    request,
    { ...request, stream: true },
    { type: 'turn', agentId: 'ada', model: 'm', endedAt: 2_000, outcome: { ...outcome, end: 'parked', reason: 'agent-budget' } },
  ]
}

describe('the alerts and the dashboard', () => {
  test('name no metric, and no label of one, that workers do not export [telemetry]', () => {
    const named = expressions.flatMap(([where, expr]) => selected(expr).map(({ name, labels }) => ({ where, name, labels })))
    expect(named.length).toBeGreaterThan(40)
    const unknown = named.flatMap(({ where, name, labels }) => {
      if (ofPrometheus.metrics.includes(name)) return []
      const has = exported.get(name)
      if (has === undefined) return [`${where}: ${name}`]
      return labels.filter((label) => !has.has(label) && !ofPrometheus.labels.includes(label)).map((label) => `${where}: ${name} has no label ${label}`)
    })
    expect(unknown).toEqual([])
  })

  test('sum by labels that the metrics of the expression have [telemetry]', () => {
    const unknown = expressions.flatMap(([where, expr]) => {
      const has = new Set([...ofPrometheus.labels, ...selected(expr).flatMap(({ name }) => [...(exported.get(name) ?? [])])])
      return Array.from(expr.matchAll(/\bby \(([^)]*)\)/g), ([, list = '']) => list.split(',').map((label) => label.trim()))
        .flat()
        .filter((label) => !has.has(label))
        .map((label) => `${where}: ${label}`)
    })
    expect(unknown).toEqual([])
  })

  test('between them show every metric of ours [telemetry]', () => {
    const named = new Set(expressions.flatMap(([, expr]) => selected(expr).map(({ name }) => name.replace(/_(total|bucket|count)$/, ''))))
    expect(Object.keys(metrics).filter((name) => !named.has(name))).toEqual([])
  })

  test('say what has happened and what to do, and are told apart [telemetry]', () => {
    for (const { annotations, labels } of alerts) {
      expect(annotations.summary.length * annotations.description.length).toBeGreaterThan(0)
      expect(['critical', 'warning', 'info']).toContain(labels.severity)
    }
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    expect(dashboard.panels.filter(({ type, targets = [] }) => type !== 'row' && targets.length === 0)).toEqual([])
  })
})
