import { afterEach, describe, expect, test } from 'vitest'
import type { Client } from '@temporalio/client'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { modelAttribute, statusAttribute, tenantAttribute } from '../../../src/protocol/search-attributes.ts'
import { ensureSearchAttributes } from '../../../src/worker/search-attributes.ts'
import { startTemporal, type TestTemporal } from '../../servers/temporal.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { storesWith } from '../../support/stores-with.ts'
import { echoingModel, talk } from './talk.ts'

let agents: Agents
/** Of the test's own: the attributes are all agents'. */
let server: TestTemporal
afterEach(async () => {
  await agents.close()
  await server.stop()
})

const { workflow, posted, outcomes, conversation } = talk(() => agents)

/** As long as it takes workers to notice on a machine that is busy with other things. */
const patience = { timeout: 150_000, interval: 500 }

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
    // Temporal may know the attributes by other columns now: a run that goes on in a new one must not name the old ones.
    const { runId } = await workflow().describe()
    await client.command(agentId, { type: 'renew' })
    await expect.poll(async () => (await workflow().describe()).runId, patience).not.toBe(runId)
    await posted('third')
    await outcomes('third')
    const { typedSearchAttributes } = await workflow().describe()
    expect([typedSearchAttributes.get(statusAttribute), typedSearchAttributes.get(modelAttribute)]).toEqual(['live', 'other'])
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
