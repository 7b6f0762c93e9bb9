import { execFile } from 'node:child_process'
import { createSecretKey, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { findTemporalCli } from '../../src/stack/temporal/temporal-cli.ts'
import { agentRuns, agentsOnServer } from '../../src/operations/replay/agent-runs.ts'
import { readHistoryFile, type Run } from '../../src/operations/replay/history-file.ts'
import { historyFromJson, type HistoryEvent } from '../../src/operations/replay/proto-json.ts'
import { replay, type ReplayedRun } from '../../src/operations/replay/replay.ts'
import { encryptedDataConverter } from '../../src/codec/data-converter.ts'
import { freePort } from '../../src/stack/ports.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { scriptedModel, say } from '../../src/testing.ts'
import { runPerdure } from '../cli/run-perdure.ts'
import { inWorld } from '../faults/support/world.ts'
import { startTemporal } from '../servers/temporal.ts'
import { startAgents } from '../support/agents.ts'
import { untilContinuedAsNew } from '../support/continued-as-new.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { historyAsJson } from './kept/history-json.ts'
import { historiesFolder, readKept } from './kept/kept-history.ts'

const timeout = 240_000
const run = promisify(execFile)
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

async function replayed(runs: readonly Run[], code = inject('workflowCode')): Promise<readonly ReplayedRun[]> {
  const each = async function* (): AsyncGenerator<Run> {
    yield* runs
  }
  const results: ReplayedRun[] = []
  for await (const result of replay(each(), { dataConverter: encryptedDataConverter([]), workflowBundle: { code } })) results.push(result)
  return results
}

const keptFile = (name: string): string => `${historiesFolder}0.1.0/${name}.json.gz`

/** The one run of a kept conversation after an accident. */
function tampered(name: string, accident: (events: HistoryEvent[]) => void): Run {
  const { workflowId, runs } = readKept().find((kept) => kept.name === `0.1.0/${name}`) ?? { workflowId: '', runs: [] }
  const history = historyFromJson(structuredClone(runs[0]))
  accident(history.events ?? [])
  return { workflowId, history }
}

describe('a replay', () => {
  test('reads kept conversations with all their runs, and none of them is left [history:replay]', async () => {
    const results = await replayed(readHistoryFile(keptFile('long-conversation')))
    expect(results.length).toBeGreaterThanOrEqual(6)
    for (const { departure, file, workflowId } of results) expect({ departure, file, workflowId }).toEqual({ file: 'long-conversation.json.gz', workflowId: results[0]?.workflowId })
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(results.length)
  })

  test('says at which event, and why, the code leaves a history; what comes after is replayed all the same [history:replay]', async () => {
    const renamed = tampered('parallel-calls', (events) => {
      const scheduled = events.filter(({ activityTaskScheduledEventAttributes: activity }) => activity?.activityType?.name === 'callTool')[1]
      if (scheduled?.activityTaskScheduledEventAttributes) scheduled.activityTaskScheduledEventAttributes.activityType = { name: 'fetchWeather' }
    })
    const lacking = tampered('parallel-calls', (events) => {
      events.splice(events.findIndex(({ markerRecordedEventAttributes: marker }) => marker != null), 1)
    })
    const foreign = tampered('save-pop-load', (events) => {
      const marker = events.find(({ markerRecordedEventAttributes }) => markerRecordedEventAttributes != null)?.markerRecordedEventAttributes
      if (marker) marker.markerName = 'side_effect'
    })
    const [first, second, third, last] = await replayed([renamed, lacking, foreign, tampered('parallel-calls', () => undefined)])
    expect(first?.departure?.why).toBe('the history has the activity fetchWeather where the code asks for callTool')
    const named = renamed.history.events?.find(({ eventId }) => Number(eventId) === first?.departure?.eventId)
    expect(named?.activityTaskScheduledEventAttributes?.activityType?.name).toBe('fetchWeather')
    expect(second?.departure?.why).toMatch(/^the history lacks events: \d+ follows \d+$/)
    expect(third?.departure).toMatchObject({ eventId: expect.any(Number) as number, why: expect.stringMatching(/the history has MarkerRecorded side_effect/) as string })
    expect(last).toMatchObject({ events: expect.any(Number) as number })
    expect(last?.departure).toBeUndefined()
  })

  test('says so of code that would do something else [history:replay]', async () => {
    const code = inject('workflowCode')
    const changed = code.replaceAll('eventsPerEarlierRun = 300', 'eventsPerEarlierRun = 20')
    expect(changed).not.toBe(code)
    const [result] = await replayed(readHistoryFile(keptFile('save-pop-load')), changed)
    expect(result?.departure?.why).toBe('the code asks for the answer of an update, the history has ActivityTaskScheduled infer')
  })

  test.each([
    ['a file that is not there', 'nowhere.json', undefined, 'file-unreadable'],
    ['no JSON', 'broken.json', '{"events": [', 'file-unreadable'],
    ['JSON without events', 'other.json', '{"name":"x"}', 'invalid-argument'],
    ['no event in it', 'empty.json', '{"events":[]}', 'invalid-argument'],
    ['a history whose payloads were decoded', 'decoded.json', '{"events":[{"eventId":"1","workflowExecutionStartedEventAttributes":{"input":{"payloads":[{"agentId":"nora"}]}}}]}', 'invalid-argument'],
  ])('refuses %s by its name [history:replay]', (_, name, text, code) => {
    const path = join(folder.path, name)
    if (text !== undefined) writeFileSync(path, text)
    expect(() => readHistoryFile(path)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) as string }) as Error)
  })
})

describe('an agent on a server', { timeout }, () => {
  test('is replayed run by run, encrypted too, archived too; without the key the reason is told [history:replay payload:encryption]', async () => {
    const keys = [{ id: 'k1', secret: createSecretKey(Buffer.alloc(32, 7)) }]
    const agents = await startAgents({ model: scriptedModel([], { afterwards: say('Yes.') }), keys })
    try {
      const { client, temporal, agentId } = agents
      await client.create({ id: agentId, model: 'scripted' })
      await untilContinuedAsNew(client, agentId)
      await client.command(agentId, { type: 'archive', erase: false })
      const runs: Run[] = []
      for await (const found of agentRuns(temporal, agentId)) runs.push(found)
      expect(runs.length).toBeGreaterThan(1)
      await expect.poll(() => agentsOnServer(temporal), { timeout: 20_000 }).toContain(agentId)
      const feed = async function* (): AsyncGenerator<Run> {
        yield* runs
      }
      const departures = async (ring: typeof keys): Promise<unknown[]> => {
        const results: unknown[] = []
        for await (const { departure } of replay(feed(), { dataConverter: encryptedDataConverter(ring) })) results.push(departure?.why)
        return results
      }
      expect(await departures(keys)).toEqual(runs.map(() => undefined))
      expect((await departures([]))[0]).toMatch(/k1/)
    } finally {
      await agents.close()
    }
  })

  test('that was reset is replayed run by run, each under its own id and once; so are the files of these runs [history:replay]', async () => {
    const agents = await startAgents({ model: scriptedModel([], { afterwards: say('Yes.') }) })
    try {
      const { client, temporal, agentId } = agents
      const workflowId = workflowIdOf(agentId)
      await client.create({ id: agentId, model: 'scripted' })
      for (let index = 0; index < 3; index++) await client.send(agentId, `message ${index}`)
      const { events = [] } = await temporal.workflow.getHandle(workflowId).fetchHistory()
      const completed = events?.filter(({ workflowTaskCompletedEventAttributes: task }) => task != null) ?? []
      for (const point of [completed[4], completed[2]]) {
        await temporal.workflowService.resetWorkflowExecution({
          namespace: temporal.options.namespace,
          workflowExecution: { workflowId, runId: events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '' },
          reason: 'a test',
          requestId: randomUUID(),
          workflowTaskFinishEventId: point?.eventId ?? null,
        })
      }
      const listed = async (): Promise<string[]> => {
        const ids: string[] = []
        for await (const { runId } of temporal.workflow.list({ query: `WorkflowId = '${workflowId}'` })) ids.push(runId)
        return ids.toSorted()
      }
      await expect.poll(async () => (await listed()).length, { timeout: 20_000 }).toBe(3)
      const runs: Run[] = []
      for await (const found of agentRuns(temporal, agentId)) runs.push(found)
      const results = await replayed(runs)
      expect(results.map(({ runId }) => runId).toSorted()).toEqual(await listed())
      expect(results.map(({ departure }) => departure)).toEqual([undefined, undefined, undefined])
      const files = runs.map(({ history }, index) => {
        const path = join(folder.path, `reset-${index}.json`)
        writeFileSync(path, JSON.stringify(historyAsJson(history)))
        return readHistoryFile(path)[0]?.runId
      })
      expect(files).toEqual(runs.map(({ runId }) => runId))
    } finally {
      await agents.close()
    }
  })

  test('and all the others are replayed by one command, which needs no worker; the files of Temporal\'s tools are read too [history:replay]', async () => {
    const uiPort = await freePort()
    const temporal = await startTemporal({ own: true, ports: { port: await freePort(), uiPort } })
    try {
      await inWorld({ temporal }, async (world) => {
        const { client, agentId } = world
        const worker = await world.startWorker()
        const ids = [agentId, `${agentId}-2`, `${agentId}-3`]
        for (const id of ids) {
          if (id !== agentId) await client.create({ id, model: 'scripted' })
          await client.send(id, 'Hello.')
        }
        await worker.kill()
        await vi.waitUntil(async () => (await agentsOnServer(world.temporal)).size === 3, { timeout: 20_000, interval: 100 })
        const env = { TEMPORAL_ADDRESS: temporal.address }
        const all = await runPerdure(folder.path, ['replay', '--all'], { env })
        expect(all.errors).toContain('replayed 3 of 3 agents')
        expect({ status: all.status, last: all.output.at(-1) }).toMatchObject({ status: 0, last: expect.stringMatching(/^3 runs of 3 agents, \d+ events: all replay\.$/) as string })

        const cli = await findTemporalCli({ env: process.env, onProgress: () => undefined })
        const shown = await run(cli.path, ['workflow', 'show', '--workflow-id', workflowIdOf(agentId), '--address', temporal.address, '--output', 'json'])
        const ofCli = join(folder.path, 'shown.json')
        writeFileSync(ofCli, shown.stdout)
        // The Web UI's download, encoded: what its own API gives it, as `{ events }`.
        const answer = await fetch(`${temporal.uiUrl ?? ''}/api/v1/namespaces/default/workflows/${encodeURIComponent(workflowIdOf(agentId))}/history?maximumPageSize=1000`)
        const { history } = (await answer.json()) as { history: { events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[] } }
        const ofUi = join(folder.path, 'events.json')
        writeFileSync(ofUi, JSON.stringify({ events: history.events }))
        const scheduled = history.events.find(({ activityTaskScheduledEventAttributes: activity }) => activity !== undefined)?.activityTaskScheduledEventAttributes
        if (scheduled) scheduled.activityType.name = 'compact'
        const changed = join(folder.path, 'changed.json')
        writeFileSync(changed, JSON.stringify({ events: history.events }))
        const files = await runPerdure(folder.path, ['replay', ofCli, ofUi, changed])
        expect(files.output.map((line) => line.split(/\s+/)[0])).toEqual(['ok', 'ok', 'leaves', '3'])
        expect(files.output[2]).toMatch(/changed\.json {2}at event \d+ of \d+: the history has the activity compact where the code asks for infer$/)
        expect(files.status).toBe(1)
        expect(await runPerdure(folder.path, ['replay', 'nobody'], { env })).toMatchObject({ status: 3, errors: expect.stringContaining('nobody') as string })
      })
    } finally {
      await temporal.stop()
    }
  })

  test('is not replayed by starting a stack: that would let the new version run before [history:replay]', async () => {
    expect(await runPerdure(folder.path, ['replay', 'nora'])).toMatchObject({ status: 4, errors: expect.stringContaining('server-unavailable') as string })
    expect(await runPerdure(folder.path, ['replay'])).toMatchObject({ status: 2 })
  })
})
