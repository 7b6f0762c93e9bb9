import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { QdrantClient } from '@qdrant/js-client-rest'
import { afterEach, expect, inject, test } from 'vitest'
import { reindex } from '../../src/operations/reindex.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openServerStores } from '../../src/stores/servers.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { embedderOf } from '../stores/archival/reindex-samples.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
let removeData: () => Promise<void>
afterEach(async () => {
  await agents.close()
  await removeData()
})

/** Of its own: a change of the embedding model is one of all agents' passages. */
async function openOwnStores(): Promise<Stores> {
  const servers = inject('storeServers')
  if (servers === undefined) {
    const folder = await temporaryFolder()
    removeData = () => folder.remove()
    return openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  }
  if ('unavailable' in servers) throw new Error(servers.unavailable)
  const collection = `test-${randomUUID()}`
  removeData = async () => {
    const client = new QdrantClient({ url: servers.qdrantUrl, checkCompatibility: false })
    const { collections } = await client.getCollections()
    for (const { name } of collections) if (name.startsWith(collection)) await client.deleteCollection(name)
  }
  return openServerStores({ ...servers, collection })
}

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
  agents = await startAgents({ model, embedder, stores: await openOwnStores() })
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
