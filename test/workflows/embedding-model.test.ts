import { afterEach, expect, test } from 'vitest'
import { reindex } from '../../src/operations/reindex.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { embedderOf } from '../stores/archival/reindex-samples.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { openOwnStores, type OwnStores } from '../support/own-stores.ts'

let agents: Agents
let own: OwnStores
afterEach(async () => {
  await agents.close()
  await own.remove()
})

test('an agent whose embedding model was changed reads so, by name and with what mends it; after `perdure reindex` it finds its passages [archival:embedding-guard]', async () => {
  const search = call('archival_memory_search', { query: 'Which bird breeds in the Arctic?' }, { heartbeat: true })
  const model = scriptedModel([
    call('archival_memory_insert', { content: 'The Arctic tern breeds in the Arctic.' }, { heartbeat: true }), say('Kept.'),
    search, say('I cannot look it up.'),
    search, say('The tern.'),
  ])
  const [former, next] = [embedderOf({ model: 'former', dimensions: 4 }), embedderOf({ model: 'next', dimensions: 6 })]
  // The setting of the worker: what a restart with another one changes.
  let set = former
  const embedder = {
    get model() { return set.model },
    get dimensions() { return set.dimensions },
    embed: (texts: readonly string[], signal: AbortSignal) => set.embed(texts, signal),
  }
  own = await openOwnStores()
  agents = await startAgents({ model, embedder, stores: own.stores })
  const { client, agentId, stores } = agents
  await client.create({ id: agentId, model: 'scripted' })
  const results = async (): Promise<readonly unknown[]> =>
    (await client.messages(agentId)).filter(({ toolName }) => toolName === 'archival_memory_search').map(({ ok, text }) => ({ ok, text }))

  expect(await client.send(agentId, 'Keep that')).toMatchObject({ end: 'completed', replyTexts: ['Kept.'] })
  set = next
  expect(await client.send(agentId, 'And now?')).toMatchObject({ end: 'completed', replyTexts: ['I cannot look it up.'] })
  expect(await results()).toEqual([{ ok: false, text: expect.stringMatching(/holds vectors of .*former.*\bnext\b.*`perdure reindex`/) as string }])

  expect(await reindex(stores.archival, next, { dryRun: false })).toMatchObject({ embedded: 1 })
  expect(await client.send(agentId, 'And now?')).toMatchObject({ end: 'completed', replyTexts: ['The tern.'] })
  expect((await results())[1]).toEqual({ ok: true, text: expect.stringContaining('The Arctic tern breeds') as string })
})
