import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '@temporalio/client'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { documentsWorkflowIdOf } from '../../../src/protocol/documents.ts'
import { modelAttribute, statusAttribute, tenantAttribute } from '../../../src/protocol/search-attributes.ts'
import { simulatedEmbedder } from '../../../src/simulated/embedder.ts'
import { say, scriptedModel } from '../../../src/testing.ts'
import { ensureSearchAttributes } from '../../../src/worker/search-attributes.ts'
import { startTemporal, type TestTemporal } from '../../servers/temporal.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'
import { storesWith } from '../../support/stores-with.ts'
import { echoingModel, talk } from './talk.ts'

let agents: Agents
/** Where a test has a server of its own. */
let server: TestTemporal | undefined
afterEach(async () => {
  await agents.close()
  await server?.stop()
  server = undefined
})

const { workflow, posted, outcomes, conversation } = talk(() => agents)

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

describe('search attributes that somebody removes while agents live', () => {
  const names = [statusAttribute.name, modelAttribute.name, tenantAttribute.name].toSorted()
  const present = async ({ connection, options: { namespace } }: Client): Promise<readonly string[]> => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    return names.filter((name) => name in customAttributes)
  }
  const remove = async (): Promise<void> => {
    const { connection, options: { namespace } } = agents.temporal
    await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: names })
    await expect.poll(() => present(agents.temporal)).toEqual([])
  }

  test('are registered again by the workers: an agent that stood still over it goes on, and one that has nothing to do can be had again [recover:from-stores]', { timeout: 240_000 }, async () => {
    server = await startTemporal({ own: true })
    agents = await startAgents({ model: echoingModel(), temporal: server })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await posted('first')
    await outcomes('first')
    await remove()
    // Whoever waits for it may be told after a minute that no worker answers, and asks again.
    const updated = client.update(agentId, { model: 'other' }).catch(() => undefined)
    await expect.poll(() => present(agents.temporal), patience).toEqual(names)
    await updated
    await posted('second')
    await outcomes('second')
    expect((await conversation()).map(([event]) => event)).toEqual(['first', 'second'])
    await client.update(agentId, { model: 'other' })
  })

  test('stay removed where the worker is not to register them, also when it could start no agent for want of them [recover:from-stores]', { timeout: 240_000 }, async () => {
    let rounds = 0
    const stores = await storesWith(({ documents }) => ({
      documents: {
        ...documents,
        agentsWithUnfinished: async (asked) => {
          rounds += 1
          return documents.agentsWithUnfinished(asked)
        },
      },
    }))
    server = await startTemporal({ own: true })
    const connection = await connectTemporal(server)
    await ensureSearchAttributes(connection, server.namespace).finally(() => connection.close())
    agents = await startAgents({ model: echoingModel(), temporal: server, stores, registerSearchAttributes: false })
    const { client, agentId, taskQueue } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await remove()
    await workflow().terminate('wrong button')
    await stores.memory.events.deposit({ agentId, eventId: 'first', kind: 'user-message', text: 'first', sentAt: new Date().toISOString() }, taskQueue)
    // The event counts as left alone in the third one at the latest, and in the fourth one the attributes would be looked for.
    await expect.poll(() => rounds, patience).toBeGreaterThan(4)
    expect(await present(agents.temporal)).toEqual([])
    expect((await stores.memory.events.pending(agentId, 10)).map(({ eventId }) => eventId)).toEqual(['first'])
  })
})
