import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QdrantClient } from '@qdrant/js-client-rest'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ArchivalStore, EmbeddingSpace } from '../../src/stores/archival.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { foundIn, insertIn } from './archival/reindex-samples.ts'

const qdrant = await startQdrant()

const former: EmbeddingSpace = { model: 'former', dimensions: 4 }
const to: EmbeddingSpace = { model: 'next', dimensions: 6 }
const texts = Array.from({ length: 150 }, (_, index) => `tern ${index}`)
const moments = ['prepared', 'asking 3', 'kept 2', 'all embedded', 'switched over', 'former dropped'] as const

async function reindexIn(where: object, moment = 'never'): Promise<{ readonly signal: string | null; readonly said: string }> {
  const script = new URL('reindex/killed-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(where), to.model, String(to.dimensions), moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { signal, said }
}

async function survives(open: () => Promise<ArchivalStore>, where: object, moment: (typeof moments)[number]): Promise<void> {
  const worker = await open()
  await insertIn(worker, 'ada', texts, former)
  expect((await reindexIn(where, moment)).signal).toBe('SIGKILL')

  // The worker with the setting in force goes on meanwhile, with all of it.
  const switched = moment === 'switched over' || moment === 'former dropped'
  const { stored, unembedded } = await worker.reindexing(to).survey()
  expect(stored).toEqual(switched ? to : former)
  const inForce = switched ? to : former
  expect(await foundIn(worker, 'ada', 'tern 7', inForce)).toHaveLength(texts.length)
  await insertIn(worker, 'ada', ['meanwhile'], inForce)

  const { signal, said } = await reindexIn(where)
  expect({ signal, said }).toEqual({ signal: null, said: `embedded ${switched ? 0 : unembedded + 1}\n` })
  expect((await foundIn(worker, 'ada', 'tern 7', to)).toSorted()).toEqual([...texts, 'meanwhile'].toSorted())
  expect((await foundIn(worker, 'ada', 'meanwhile', to))[0]).toBe('meanwhile')
  expect(await worker.reindexing(to).survey()).toMatchObject({ stored: to, unembedded: 0, leftovers: false })
  await expect(foundIn(worker, 'ada', 'tern 7', former)).rejects.toMatchObject({ code: 'embedding-mismatch' })
  await worker.close()
}

describe('a change of the embedding model that is killed', () => {
  describe('libSQL', () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'perdure-reindex-'))
    })
    afterEach(() => {
      rmSync(folder, { recursive: true })
    })

    test.for(moments)('at "%s" goes on when it is run again: nothing is lost, doubled or embedded twice [archival:embedding-guard]', async (moment) => {
      const file = join(folder, 'memory.db')
      await survives(async () => (await openEmbeddedStores({ file })).archival, { file }, moment)
    })
  })

  describeWithServer('Qdrant', qdrant, (server) => {
    const collection = `test-${randomUUID()}`
    const clear = async (): Promise<void> => {
      const client = new QdrantClient({ url: server.uri, checkCompatibility: false })
      const { collections } = await client.getCollections()
      for (const { name } of collections) if (name.startsWith(collection)) await client.deleteCollection(name)
    }
    afterEach(clear)
    afterAll(() => server.stop())

    test.for(moments)('at "%s" goes on when it is run again: nothing is lost, doubled or embedded twice [archival:embedding-guard]', async (moment) => {
      await survives(() => openQdrantArchival({ url: server.uri, collection }), { url: server.uri, collection }, moment)
    })
  })
})
