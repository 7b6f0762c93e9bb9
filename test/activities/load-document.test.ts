import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ActivityDependencies } from '../../src/activities/dependencies.ts'
import { createFinishDocument, createRemoveDocument } from '../../src/activities/documents/finish-document.ts'
import { createIndexDocument } from '../../src/activities/documents/index-document.ts'
import { createReadDocument } from '../../src/activities/documents/read-document.ts'
import type { DocumentReader } from '../../src/documents/reader/create-reader.ts'
import { chunkOp, type StoredDocument } from '../../src/protocol/documents.ts'
import { simulatedEmbedder } from '../../src/simulated/index.ts'
import { contentHash } from '../../src/stores/content-hash.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bytes = Buffer.from('words')
const { signal } = new AbortController()

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let stores: Stores
let dependencies: ActivityDependencies
/** A document that waits; all have the same content. */
let waiting: StoredDocument
beforeEach(async () => {
  folder = await temporaryFolder()
  stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db') })
  dependencies = { stores, embedder: simulatedEmbedder(), faultPoint: () => undefined } as unknown as ActivityDependencies
  waiting = { agentId: 'ada', name: 'a.txt', hash: await contentHash('a.txt', bytes), bytes: bytes.length, set: 's', status: 'waiting', at: '2026-01-01T00:00:00.000Z' }
  await stores.memory.documents.put(waiting, undefined)
  await stores.memory.documents.putContent('ada', waiting.hash, 0, bytes)
})
afterEach(async () => {
  await stores.close()
  await folder.remove()
})

/** Reads its content, and gives these texts, when it may. */
const readerOf = (texts: readonly string[], until: Promise<void> = Promise.resolve()): DocumentReader => ({
  read: async ({ parts, onChunks }) => {
    for await (const part of parts) expect(part.length).toBeGreaterThan(0)
    await until
    await onChunks(texts.map((text) => ({ text })))
    return { format: 'text' }
  },
})
const read = (texts: readonly string[], document = waiting) => createReadDocument(dependencies, readerOf(texts))(document, signal)
const index = (to: number, document = waiting) => createIndexDocument(dependencies)({ ...document, from: 0, to }, signal)
const finish = (chunks: number, document = waiting) => createFinishDocument(dependencies)({ ...document, chunks })
const remove = async (name: string): Promise<void> => {
  const document = await stores.memory.documents.get('ada', name)
  if (document === undefined) throw new Error(`no ${name}`)
  await stores.memory.documents.put({ ...document, status: 'removing' }, document)
  await createRemoveDocument(dependencies)(document)
}
const texts = async (): Promise<string[]> => (await stores.memory.documents.chunks('ada', waiting.hash, 0, 9)).map(({ text }) => text)
const passages = () => stores.archival.count('ada')

describe('a document', () => {
  test('that was read by another version before keeps nothing of that, neither chunks nor passages [documents:load]', async () => {
    await read(['former', 'former', 'tail'])
    await index(3)
    expect(await read(['present', 'present'])).toEqual({ chunks: 2 })
    expect([await texts(), await passages()]).toEqual([['present', 'present'], 2])
    expect(await stores.archival.get('ada', chunkOp(waiting, 2))).toBeUndefined()
  })

  test('of the same content as one that was loaded and is gone again is loaded by what that one has left [documents:load]', async () => {
    const other = { ...waiting, name: 'z.txt' }
    await stores.memory.documents.put(other, undefined)
    await read(['one', 'two'])
    await index(2)
    await finish(2)
    await remove('a.txt')
    expect(await read(['one', 'two'], other)).toEqual({ chunks: 2 })
    await index(2, other)
    await finish(2, other)
    expect([await texts(), await passages(), (await stores.memory.documents.get('ada', 'z.txt'))?.status]).toEqual([['one', 'two'], 2, 'loaded'])
  })

  test('that another worker has loaded to its end loses nothing to one that stood still before, or in, the reading [documents:load]', async () => {
    let wake: () => void = () => undefined
    const late = createReadDocument(dependencies, readerOf(['one', 'two'], new Promise((resolve) => (wake = resolve))))(waiting, signal)
    await read(['one', 'two'])
    await index(2)
    await finish(2)
    wake()
    expect(await late).toEqual({ chunks: 2 })
    expect(await read(['one', 'two'])).toEqual({ chunks: 2 })
    expect([await texts(), await passages()]).toEqual([['one', 'two'], 2])
    await remove('a.txt')
    expect([await texts(), await passages()]).toEqual([[], 0])
  })

  test('is not loaded with passages missing: without its chunks the attempt fails, and may be repeated [documents:load]', async () => {
    await read(['one', 'two'])
    await stores.memory.documents.dropChunks('ada', waiting.hash, 1)
    await expect(index(2)).rejects.toThrow(/chunks 0 to 1 of a\.txt only 1 are there; load it again/)
    await read(['one', 'two'])
    await index(2)
    expect(await passages()).toBe(2)
  })

  test('that is gone when its passages are due is no failure, and none of it stays [documents:load]', async () => {
    await read(['one', 'two'])
    await remove('a.txt')
    await index(2)
    expect([await texts(), await passages()]).toEqual([[], 0])
  })
})
