import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import type { UnembeddedPassages } from '../../src/stores/archival.ts'
import type { MemoryFile } from '../../src/stores/embedded/open.ts'
import { openInThread } from '../../src/stores/embedded/thread/open-in-thread.ts'
import { startThread } from '../../src/threads/start-thread.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let threads: Worker[]
let file: MemoryFile
beforeEach(async () => {
  folder = await temporaryFolder()
  threads = []
  file = await openInThread(join(folder.path, 'memory.db'), () => {
    const thread = startThread({ beside: new URL('../../src/stores/embedded/thread/open-in-thread.ts', import.meta.url).href, file: 'thread' })
    threads.push(thread)
    return thread
  })
})
afterEach(async () => {
  await file.close()
  await folder.remove()
})

const summary = { agentId: 'ada', op: '1', text: 'They met.', tokens: 3, byModel: true, covers: 2, at: '2026-01-01T00:00:00.000Z' }

describe('a memory file in a thread', () => {
  test('is opened anew where the thread has died: what was confirmed is there, what was not may be asked again [faults:table scale:search]', async () => {
    await file.memory.summaries.insert(summary)
    const [first = expect.fail('no thread')] = threads
    const underWay = file.memory.summaries.get('ada', '1').catch((error: unknown) => error)
    await first.terminate()
    expect([summary, expect.objectContaining({ code: 'server-unavailable' })]).toContainEqual(await underWay)
    expect(await file.memory.summaries.get('ada', '1')).toEqual(summary)
    expect(threads).toHaveLength(2)
  })

  test('takes an embedder for the space that it makes, as the file itself does [archival:insert-search]', async () => {
    const embedder = simulatedEmbedder()
    const [vector = []] = await embedder.embed(['A key behind the clock.'], AbortSignal.timeout(5_000))
    const passage = { agentId: 'ada', op: 'ada/1', text: 'A key behind the clock.', tags: [], source: 'agent', at: '2026-01-01T00:00:00.000Z' }
    await file.archival.insert([{ passage, vector }], embedder)
    expect((await file.archival.search('ada', { words: 'key', vector, offset: 0, limit: 5 }, embedder)).hits.map((hit) => hit.passage.op)).toEqual(['ada/1'])
    expect(await file.archival.edit({ passage: { ...passage, text: 'A key on a hook.', edits: [{ op: 'ada/2', by: 'Ada', at: passage.at }] }, vector }, embedder)).toBe(true)
    expect(await file.archival.reindexing(embedder).survey()).toMatchObject({ stored: { model: embedder.model }, unembedded: 0 })
  })

  test('whose thread dies in the middle of a pass over the passages says so: neither is the pass over, nor are vectors kept [archival:embedding-guard faults:table]', async () => {
    const space = { model: 'm', dimensions: 1 }
    const passages = ['1', '2', '3'].map((op) => ({ passage: { agentId: 'ada', op, text: `passage ${op}`, tags: [], source: 'agent', at: '2026-01-01T00:00:00.000Z' }, vector: [1] }))
    await file.archival.insert(passages, space)
    const change = file.archival.reindexing({ model: 'n', dimensions: 1 })
    await change.prepare()
    const pass = change.unembedded(1)[Symbol.asyncIterator]()
    const { value } = (await pass.next()) as IteratorYieldResult<UnembeddedPassages>
    await threads[0]?.terminate()
    await expect(value.keep([[2]])).rejects.toMatchObject({ code: 'server-unavailable' })
    await expect(pass.next()).rejects.toMatchObject({ code: 'server-unavailable' })
    expect(await change.survey()).toMatchObject({ unembedded: 3 })
  })

  test('whose thread has died is closed, and stays so [scale:search]', async () => {
    await threads[0]?.terminate()
    await file.close()
    await expect(file.memory.summaries.get('ada', '1')).rejects.toThrow('is closed')
    expect(threads).toHaveLength(1)
  })

  test('ends its thread when it is closed, and says so to whoever asks it later [scale:search]', async () => {
    const [thread = expect.fail('no thread')] = threads
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    await file.close()
    await ended
    await expect(file.memory.summaries.get('ada', '1')).rejects.toThrow('is closed')
    await expect(file.archival.count('ada')).rejects.toThrow('is closed')
  })

  test('that can not be opened says why, as in the thread that asks [errors:final]', async () => {
    await expect(openInThread(folder.path)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
