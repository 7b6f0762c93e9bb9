import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { documentsWorkflowIdOf } from '../../../src/protocol/documents.ts'
import { PerdureError } from '../../../src/protocol/errors.ts'
import { liveness } from '../../../src/protocol/liveness.ts'
import { simulatedEmbedder } from '../../../src/simulated/embedder.ts'
import type { Stores } from '../../../src/stores/stores.ts'
import { say, scriptedModel } from '../../../src/testing.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'
import { storesWith } from '../../support/stores-with.ts'

let agents: Agents
afterEach(() => agents.close())

/** As long as it takes workers to notice on a machine that is busy with other things. */
const patience = { timeout: 150_000, interval: 500 }

const documentsWorkflow = (id: string) => agents.temporal.workflow.getHandle(documentsWorkflowIdOf(id))
const statusOf = (id: string): Promise<string> => documentsWorkflow(id).describe().then(({ status: { name } }) => name, () => 'none')
const runOf = (id: string): Promise<string> => documentsWorkflow(id).describe().then(({ runId }) => runId, () => 'none')
const fileOf = (name: string) => ({ name, bytes: Buffer.from(`The gauge of ${name} reads seven.`) })
const statuses = async (id: string): Promise<readonly string[]> => (await agents.client.documents(id)).documents.map(({ name, status }) => `${name} ${status}`)

/** Asks for this, and no longer waits for it once that has come about. */
async function unattended(ask: (signal: AbortSignal) => Promise<unknown>, until: () => Promise<unknown>): Promise<void> {
  const left = new AbortController()
  const asked = ask(left.signal)
  await until()
  left.abort()
  await expect(asked).rejects.toThrow('abort')
}

/** What an operator can do to the workflow that loads an agent's documents; done when it has ended. */
const strikes: Readonly<Record<string, (id: string) => Promise<void>>> = {
  terminated: async (id) => {
    await documentsWorkflow(id).terminate('wrong button')
  },
  cancelled: async (id) => {
    const run = agents.temporal.workflow.getHandle(documentsWorkflowIdOf(id), await runOf(id))
    await run.cancel()
    await expect(run.result()).rejects.toThrow()
  },
  deleted: async (id) => {
    const { workflowService, options } = agents.temporal
    const struck = await runOf(id)
    await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution: { workflowId: documentsWorkflowIdOf(id) } })
    await expect.poll(() => runOf(id)).not.toBe(struck)
  },
}

/** Agents of these names, of whose documents none is embedded until the gate is opened, but for those of which `passes` says so. */
async function agentsThatLoad(names: readonly string[], { passes = () => false, isDeaf = false, stores }: { readonly passes?: (text: string) => boolean; /** It does not heed that it is to end. */ readonly isDeaf?: boolean; readonly stores?: Stores } = {}): Promise<{ readonly ids: readonly string[]; readonly open: () => void }> {
  const opened = gate()
  const embedder = simulatedEmbedder()
  agents = await startAgents({
    model: scriptedModel([], { afterwards: say('Noted.') }),
    ...(stores && { stores }),
    embedder: {
      ...embedder,
      embed: async (texts, signal) => {
        const heeded = isDeaf ? new AbortController().signal : signal
        const aborted = new Promise((_, reject) => heeded.addEventListener('abort', () => reject(heeded.reason as Error)))
        await Promise.race([opened.opened, aborted, ...(texts.every(passes) ? [Promise.resolve()] : [])])
        return embedder.embed(texts, heeded)
      },
    },
  })
  const ids = names.map((name) => `${agents.agentId}-${name}`)
  await Promise.all(ids.map((id) => agents.client.create({ id, model: 'scripted' })))
  return { ids, open: () => opened.open() }
}

describe('documents whose workflow is terminated, asked to cancel or deleted while they are loaded', () => {
  test('are loaded all the same, though nobody waits for them or asks again, and the agent is told [recover:from-stores documents:load]', { timeout: 240_000 }, async () => {
    const { ids, open } = await agentsThatLoad(Object.keys(strikes))
    const { client } = agents
    await Promise.all(Object.entries(strikes).map(async ([name, strike], index) => {
      const id = ids[index] ?? ''
      await unattended((signal) => client.loadDocuments(id, ['1.txt', '2.txt', '3.txt'].map(fileOf), { signal }), async () => {
        await expect.poll(() => statuses(id)).toEqual(['1.txt waiting', '2.txt waiting', '3.txt waiting'])
        await expect.poll(() => statusOf(id)).toBe('RUNNING')
      })
      await strike(id)
      // What loads learns by its next beat that its workflow is gone. Where it came to its end before that, the documents would be loaded, and nobody
      // left to tell the agent. A workflow that is cancelled waits for what it has begun.
      if (name !== 'cancelled') await sleep(liveness.besideHeartbeatTimeoutMs)
      expect(await statuses(id)).toEqual(['1.txt waiting', '2.txt waiting', '3.txt waiting'])
    }))
    open()
    for (const id of ids) {
      await expect.poll(() => statuses(id), patience).toEqual(['1.txt loaded', '2.txt loaded', '3.txt loaded'])
      expect((await client.passages(id, { limit: 100 })).map(({ source }) => source).toSorted()).toEqual(['1.txt', '2.txt', '3.txt'])
      await expect.poll(async () => (await client.messages(id)).filter(({ kind }) => kind === 'upload').length, patience).toBe(1)
    }
  })

  test.each([
    { what: 'before that', isDeaf: false, told: ['1 loaded', '2 loaded'] },
    { what: 'by what had begun and does not heed it', isDeaf: true, told: ['2 loaded', '1 loaded'] },
  ])('are told to the agent where they were loaded $what and its workflow is cancelled [recover:from-stores documents:load]', { timeout: 240_000 }, async ({ isDeaf, told }) => {
    const { ids: [id = ''], open } = await agentsThatLoad(['told'], { passes: (text) => text.includes('1.txt'), isDeaf })
    const { client } = agents
    await unattended((signal) => client.loadDocuments(id, ['1.txt', '2.txt', '3.txt'].map(fileOf), { signal }), async () => {
      await expect.poll(() => statuses(id)).toEqual(['1.txt loaded', '2.txt waiting', '3.txt waiting'])
    })
    const run = agents.temporal.workflow.getHandle(documentsWorkflowIdOf(id), await runOf(id))
    await run.cancel()
    if (isDeaf) {
      await sleep(liveness.besideHeartbeatTimeoutMs)
      open()
    }
    await expect(run.result()).rejects.toThrow('cancelled')
    open()
    await expect.poll(() => statuses(id), patience).toEqual(['1.txt loaded', '2.txt loaded', '3.txt loaded'])
    const uploads = async () => (await client.messages(id)).filter(({ kind }) => kind === 'upload').map(({ text }) => /\d loaded/u.exec(text)?.[0])
    await expect.poll(uploads, patience).toEqual(told)
  })

  test.each([
    { what: 'some were loaded', passes: (text: string) => text.includes('1.txt'), loaded: ['1.txt loaded', '2.txt waiting', '3.txt waiting'] },
    { what: 'all were loaded', passes: () => true, loaded: ['1.txt loaded', '2.txt loaded', '3.txt loaded'] },
  ])('let their workflow end as cancelled where $what and the agent cannot be told, as a store is away [recover:from-stores documents:load]', { timeout: 120_000 }, async ({ passes, loaded }) => {
    const stores = await storesWith(({ events }) => ({
      events: { ...events, deposit: (event, taskQueue) => (event.kind === 'upload' ? Promise.reject(new PerdureError('server-unavailable', 'the store is away')) : events.deposit(event, taskQueue)) },
    }))
    const { ids: [id = ''] } = await agentsThatLoad(['untold'], { passes, stores })
    const { client } = agents
    await unattended((signal) => client.loadDocuments(id, ['1.txt', '2.txt', '3.txt'].map(fileOf), { signal }), async () => {
      await expect.poll(() => statuses(id), { timeout: 20_000 }).toEqual(loaded)
    })
    const run = agents.temporal.workflow.getHandle(documentsWorkflowIdOf(id), await runOf(id))
    await run.cancel()
    await expect.poll(async () => (await run.describe()).status.name, { timeout: 60_000 }).toBe('CANCELLED')
  })

  test('are loaded for whoever waits for them, who is told of no error [recover:from-stores documents:load]', { timeout: 120_000 }, async () => {
    const { ids, open } = await agentsThatLoad(Object.keys(strikes))
    const loads = ids.map((id) => agents.client.loadDocuments(id, ['1.txt', '2.txt'].map(fileOf)))
    await Promise.all(Object.values(strikes).map(async (strike, index) => {
      const id = ids[index] ?? ''
      await expect.poll(() => statuses(id)).toEqual(['1.txt waiting', '2.txt waiting'])
      await expect.poll(() => statusOf(id)).toBe('RUNNING')
      await strike(id)
    }))
    open()
    expect((await Promise.all(loads)).map(({ loaded, failed }) => [loaded, failed])).toEqual(ids.map(() => [2, []]))
  })
})

test('documents that are to be removed go, though the workflow that removes them is terminated; those of an archived agent are left alone [recover:from-stores documents:load]', { timeout: 240_000 }, async () => {
  const { ids, open } = await agentsThatLoad(['archived', 'living'])
  const [archived = '', living = ''] = ids
  const { client, stores } = agents
  open()
  for (const id of ids) await client.loadDocuments(id, [fileOf('1.txt')])
  const left = async (id: string) => (await stores.memory.documents.list(id, { offset: 0, limit: 10 })).documents.map(({ status }) => status)
  await agents.withoutWorker(async () => {
    for (const id of ids) {
      await unattended((signal) => client.unloadDocuments(id, ['1.txt'], { signal }), () => expect.poll(() => statusOf(id)).toBe('RUNNING'))
      await documentsWorkflow(id).terminate('wrong button')
      expect(await left(id)).toEqual(['removing'])
    }
    await stores.memory.agents.archive(archived, new Date().toISOString())
  })
  await expect.poll(() => left(living), patience).toEqual([])
  expect(await client.passages(living)).toEqual([])
  expect([await statusOf(archived), await left(archived)]).toEqual(['TERMINATED', ['removing']])
})

test('a message whose sender died before it gave it to the agent, and had a clock that goes hours ahead, has its turn all the same [recover:from-stores mailbox:durable]', { timeout: 240_000 }, async () => {
  agents = await startAgents({ model: scriptedModel([], { afterwards: say('Noted.') }) })
  const { client, stores, agentId, taskQueue } = agents
  await client.create({ id: agentId, model: 'scripted' })
  await client.send(agentId, 'Hello.', { eventId: 'one' })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 3_600_000 })
  try {
    await stores.memory.events.deposit({ agentId, eventId: 'two', kind: 'user-message', text: 'And now?', sentAt: new Date().toISOString() }, taskQueue)
  } finally {
    vi.useRealTimers()
  }
  await expect.poll(async () => (await stores.memory.turns.byEvent(agentId, 'two'))?.end, patience).toBe('completed')
})
