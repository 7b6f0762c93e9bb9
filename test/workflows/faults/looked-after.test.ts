import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { documentsWorkflowIdOf } from '../../../src/protocol/documents.ts'
import { simulatedEmbedder } from '../../../src/simulated/embedder.ts'
import { say, scriptedModel } from '../../../src/testing.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

/** As long as it takes workers to notice on a machine that is busy with other things. */
const patience = { timeout: 150_000, interval: 500 }
/** The time without a beat after which an activity that loads documents is given to another worker. */
const longestBeatMs = 6_000

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

/** Agents of these names, of whose documents none is embedded until the gate is opened. */
async function agentsThatLoad(...names: readonly string[]): Promise<{ readonly ids: readonly string[]; readonly open: () => void }> {
  const opened = gate()
  const embedder = simulatedEmbedder()
  agents = await startAgents({
    model: scriptedModel([], { afterwards: say('Noted.') }),
    embedder: {
      ...embedder,
      embed: async (texts, signal) => {
        await Promise.race([opened.opened, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))])
        return embedder.embed(texts, signal)
      },
    },
  })
  const ids = names.map((name) => `${agents.agentId}-${name}`)
  await Promise.all(ids.map((id) => agents.client.create({ id, model: 'scripted' })))
  return { ids, open: () => opened.open() }
}

describe('documents whose workflow is terminated, asked to cancel or deleted while they are loaded', () => {
  test('are loaded all the same, though nobody waits for them or asks again, and the agent is told [recover:from-stores documents:load]', { timeout: 240_000 }, async () => {
    const { ids, open } = await agentsThatLoad(...Object.keys(strikes))
    const { client } = agents
    await Promise.all(Object.values(strikes).map(async (strike, index) => {
      const id = ids[index] ?? ''
      await unattended((signal) => client.loadDocuments(id, ['1.txt', '2.txt', '3.txt'].map(fileOf), { signal }), async () => {
        await expect.poll(() => statuses(id)).toEqual(['1.txt waiting', '2.txt waiting', '3.txt waiting'])
        await expect.poll(() => statusOf(id)).toBe('RUNNING')
      })
      await strike(id)
      expect(await statuses(id)).toEqual(['1.txt waiting', '2.txt waiting', '3.txt waiting'])
    }))
    // What loads learns of it by its next beat. Where it came to its end before that, the documents would be loaded, and nobody left to tell the agent.
    await sleep(longestBeatMs)
    open()
    for (const id of ids) {
      await expect.poll(() => statuses(id), patience).toEqual(['1.txt loaded', '2.txt loaded', '3.txt loaded'])
      expect((await client.passages(id, { limit: 100 })).map(({ source }) => source).toSorted()).toEqual(['1.txt', '2.txt', '3.txt'])
      await expect.poll(async () => (await client.messages(id)).filter(({ kind }) => kind === 'upload').length, patience).toBe(1)
    }
  })

  test('are loaded for whoever waits for them, who is told of no error [recover:from-stores documents:load]', { timeout: 120_000 }, async () => {
    const { ids, open } = await agentsThatLoad(...Object.keys(strikes))
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
  const { ids, open } = await agentsThatLoad('archived', 'living')
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
