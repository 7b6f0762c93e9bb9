import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { startQdrant } from './qdrant.ts'
import { describeWithServer } from './require-server.ts'

const qdrant = await startQdrant({ own: true })
const space = { model: 'crash-embedder', dimensions: 2 }

describeWithServer('the Qdrant of the tests', qdrant, (server) => {
  afterAll(() => server.stop())

  test('SIGKILL loses no acknowledged passage, and no index', async () => {
    const store = await openQdrantArchival({ url: server.uri, collection: `crash-${randomUUID()}` })
    const acknowledged = new Set<string>()
    for (let round = 0; round < 3; round += 1) {
      const writing = Array.from({ length: 40 }, async (_, index) => {
        const op = `op-${round}-${index}`
        const passage = { agentId: 'ada', op, text: `passage ${round} ${index}`, tags: ['kept'], source: 'agent', at: new Date(index).toISOString() }
        await store.insert([{ passage, vector: [1, index] }], space)
        acknowledged.add(op)
      })
      const settled = Promise.allSettled(writing)
      while (acknowledged.size < round * 10 + 10) await new Promise((resolve) => setImmediate(resolve))
      await server.crash?.()
      await settled
      const kept = new Set((await store.list('ada', 0, 1_000)).map((passage) => passage.op))
      expect([...acknowledged].filter((op) => !kept.has(op))).toEqual([])
    }
    const { total, hits } = await store.search('ada', { words: 'passage', vector: [1, 0], offset: 0, limit: 200, tags: ['kept'] }, space)
    expect(total).toBe(hits.length)
    const found = new Set(hits.map((hit) => hit.passage.op))
    expect([...acknowledged].filter((op) => !found.has(op))).toEqual([])
  })
})
