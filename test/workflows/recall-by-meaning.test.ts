import { afterEach, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { exchangesWorkflowIdOf } from '../../src/protocol/exchanges.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { searchRecall } from '../../src/recall/search-recall.ts'
import { call, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { topicEmbedder } from '../recall/topics.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { openOwnStores, type OwnStores } from '../support/own-stores.ts'

let agents: Agents
let own: OwnStores
let talked = 0
afterEach(async () => {
  await agents.close()
  await own.remove()
})

const last = ({ messages }: ModelRequest): string => messages.at(-1)?.content ?? ''

/** Looks for what it is asked for, and answers everything else at once. */
const model = (): ScriptedModel =>
  scriptedModel([], {
    withoutTools: think('They talk.'),
    afterwards: (request) => {
      const asked = /Look for: (\w+)/.exec(last(request))?.[1]
      return asked === undefined ? say('I see.') : call('conversation_search', { query: asked }, { heartbeat: true })
    },
  })

async function talkUntil(compactions: number): Promise<void> {
  const { client, agentId } = agents
  while ((await client.state(agentId)).counters.compactions < compactions) await client.send(agentId, `Number ${(talked += 1)}: ${'nothing new, it rains as it has rained all week. '.repeat(14)}`)
}

/** What the agent finds. */
async function found(word: string): Promise<string> {
  await agents.client.send(agents.agentId, `Look for: ${word}`)
  return (await agents.client.messages(agents.agentId, { limit: 1_000 })).findLast(({ toolName }) => toolName === 'conversation_search')?.text ?? ''
}

const latest = async (): Promise<number> => (await agents.stores.archival.exchanges.latest(await keyOf(), topicEmbedder()))?.last ?? 0
const keyOf = async (): Promise<string> => (await agents.client.get(agents.agentId))?.key ?? agents.agentId

async function withAgent(embedder = topicEmbedder()): Promise<void> {
  talked = 0
  own = await openOwnStores()
  agents = await startAgents({ model: model(), embedder, stores: own.stores })
  await agents.client.create({ id: agents.agentId, model: 'scripted', contextWindow: 4_000 })
  await agents.client.send(agents.agentId, 'We climbed up the lighthouse.')
}

test('what has left the context is found by what it means, in other words; and an agent that is deleted leaves no vector [recall:meaning]', async () => {
  await withAgent()
  expect(await found('beacon')).not.toContain('We climbed up the lighthouse.')
  await talkUntil(1)
  await expect.poll(latest).toBeGreaterThan(0)
  expect(await found('beacon')).toContain('We climbed up the lighthouse.')
  const key = await keyOf()
  await agents.client.delete(agents.agentId)
  expect(await agents.stores.archival.exchanges.latest(key, topicEmbedder())).toBeUndefined()
})

test('while the embedding model is away no turn waits, and words find as before; what is missing is made when it is back, without another compaction [recall:meaning]', async () => {
  let away = true
  const embedder = topicEmbedder(() => away)
  await withAgent(embedder)
  await talkUntil(1)
  // Nothing has a vector yet: the model is not missed.
  expect(await found('lighthouse')).toMatch(/^Showing .*We climbed up the lighthouse\./s)
  expect(await latest()).toBe(0)
  away = false
  await expect.poll(latest, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(await found('beacon')).toContain('We climbed up the lighthouse.')
  expect(embedder.embedded.filter((text) => text.includes('We climbed up')).length).toBeLessThanOrEqual(2)
  expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length)
})

test('a search by words alone says so, to the model and to a person, where there are vectors and the embedding model is away [recall:meaning]', async () => {
  let away = false
  await withAgent(topicEmbedder(() => away))
  await talkUntil(1)
  await expect.poll(latest).toBeGreaterThan(0)
  const { client, agentId } = agents
  expect(await client.searchRecall(agentId, { text: 'lighthouse' })).not.toHaveProperty('byWordsAlone')
  away = true
  expect(await client.searchRecall(agentId, { text: 'lighthouse', limit: 1 })).toMatchObject({ byWordsAlone: true, messages: [{ text: expect.stringContaining('lighthouse') as string }] })
  expect(await client.searchRecall(agentId, { text: 'lighthouse', order: 'newest' })).not.toHaveProperty('byWordsAlone')
  expect(await found('lighthouse')).toMatch(/^By words alone: what finds by meaning did not answer\.\nShowing .*We climbed up the lighthouse\./s)
})

test('going back to a checkpoint leaves what came since in recall, found by words and meaning alike, and nothing is embedded twice [recall:meaning cli:chat]', async () => {
  const embedder = topicEmbedder()
  await withAgent(embedder)
  const { client, agentId } = agents
  await client.command(agentId, { type: 'save', name: 'early' })
  await client.send(agentId, 'A walrus looked at us.')
  await talkUntil(1)
  await expect.poll(latest).toBeGreaterThan(0)
  await client.command(agentId, { type: 'load', name: 'early' })
  const before = await latest()
  const { compactions } = (await client.state(agentId)).counters
  expect(await found('seal')).toContain('A walrus looked at us.')
  await talkUntil(compactions + 1)
  await expect.poll(latest).toBeGreaterThan(before)
  expect(await found('seal')).toContain('A walrus looked at us.')
  expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length)
})

test('what an import leaves outside of the context is found so too, without a compaction, before anybody speaks to the agent [recall:meaning]', async () => {
  const embedder = topicEmbedder()
  own = await openOwnStores()
  agents = await startAgents({ model: model(), embedder, stores: own.stores })
  const { client, agentId, stores } = agents
  const at = (minute: number): string => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString()
  const said = (minute: number): string => (minute === 0 ? 'We climbed up the lighthouse.' : `Number ${minute}: ${'it rains as it has rained all week. '.repeat(6)}`)
  const imported = Array.from({ length: 80 }, (_, minute) => ({ role: minute % 2 === 0 ? 'user' : 'assistant', text: said(minute), at: at(minute) }) as const)
  await client.importConversation({ id: agentId, model: 'scripted', contextWindow: 8_000 }, imported)
  await expect.poll(latest).toBeGreaterThan(60)
  const query = { text: 'beacon', order: 'relevance', offset: 0, limit: 1 } as const
  expect(await searchRecall({ stores, embedder, agentId: await keyOf(), query, askedAt: at(100) })).toMatchObject({ total: 0, near: expect.arrayContaining([1]) as number[] })
  expect(embedder.embedded.filter((text) => text.includes('Number 79:'))).toEqual([])
  expect(await found('beacon')).toContain('near by meaning] user: We climbed up the lighthouse.')
})

test('an agent that begins anew has nothing embedded where all that has left its context is [recall:meaning recover:from-stores]', async () => {
  await withAgent()
  await talkUntil(1)
  const { client, agentId, temporal } = agents
  const key = await keyOf()
  const beginsAnew = async (): Promise<void> => {
    await temporal.workflow.getHandle(workflowIdOf(key)).terminate('a wrong button')
    expect(await client.recover(agentId)).toBe('started')
    // Answered when it has read the stores, and told what has left.
    await client.command(agentId, { type: 'save', name: 'anew' })
  }
  const runOf = async (): Promise<string> => {
    const embedding = temporal.workflow.getHandle(exchangesWorkflowIdOf(key))
    await embedding.result()
    return (await embedding.describe()).runId
  }
  // Its queue may begin later than the one that it had.
  await beginsAnew()
  const [run, embedded] = [await runOf(), await latest()]
  expect(embedded).toBeGreaterThan(0)
  await beginsAnew()
  expect([await runOf(), await latest()]).toEqual([run, embedded])
})

test('what the model refuses hides nothing behind it, though it be more than is embedded in one part [recall:meaning]', async () => {
  const embedder = topicEmbedder()
  const embed: typeof embedder.embed = async (...given) => {
    if (given[0].some((text) => text.includes('poison'))) throw new ModelError('bad-request', 'no poison')
    return embedder.embed(...given)
  }
  own = await openOwnStores()
  agents = await startAgents({ model: model(), embedder: { ...embedder, embed }, stores: own.stores })
  const said = (place: number): string => (place < 2_010 ? 'poison' : `Number ${place}: ${'it rains as it has rained all week. '.repeat(6)}`)
  const imported = Array.from({ length: 2_090 }, (_, place) => ({ role: 'user', text: said(place), at: new Date(Date.UTC(2024, 0, 1, 0, place)).toISOString() }) as const)
  await agents.client.importConversation({ id: agents.agentId, model: 'scripted', contextWindow: 8_000 }, imported)
  await expect.poll(latest, { timeout: 60_000 }).toBeGreaterThan(2_020)
}, 180_000)
