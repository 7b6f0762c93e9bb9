import { afterEach, describe, expect, inject, test } from 'vitest'
import type { Embedder } from '../../src/model/model.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { simulatedEmbedder } from '../../src/simulated/index.ts'
import { chunkOp } from '../../src/protocol/documents.ts'
import { contentHash } from '../../src/stores/content-hash.ts'
import { call, say, scriptedModel, type ScriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { pdfOf } from '../documents/made-files.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

const bytes = (text: string): Uint8Array => Buffer.from(text)
const filler = 'The keeper of the lock writes the level of the water down. '.repeat(30)
const handbook = `# Handbook\n\n${filler}\n\n## Locks\n\nThe code of the eastern lock is 4711.\n\n${filler}`

async function agentWith(steps: readonly ScriptedStep[]): Promise<{ readonly id: string; readonly model: ScriptedModel }> {
  const model = scriptedModel(steps, { afterwards: say('Noted.') })
  agents = await startAgents({ model })
  const { client, agentId: id } = agents
  await client.create({ id, model: 'scripted', contextWindow: 16_000, tools: ['send_message', 'archival_memory_search'] })
  return { id, model }
}

const texts = async (id: string): Promise<string[]> => (await agents.client.passages(id, { limit: 1_000 })).map(({ text }) => text)
/** The event that tells the agent of its documents has its turn. */
const told = (id: string) => expect.poll(async () => (await agents.client.state(id)).counters.turns, { timeout: 20_000 }).toBeGreaterThan(0)

describe('documents that are loaded', () => {
  test('become passages that say where they stand; a file that cannot be read is named, and the others are loaded [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const pdf = await pdfOf(3, (page) => `The gauge of page ${page} reads ${page * 7}.`)
    const files = [
      { name: 'handbook.md', bytes: bytes(handbook) },
      { name: 'report.pdf', bytes: pdf },
      { name: 'broken.pdf', bytes: pdf.slice(0, 200) },
      { name: 'empty.txt', bytes: new Uint8Array() },
      { name: 'gauge.ts', bytes: bytes('/** Reads. */\nexport function readGauge(): number {\n  return 1\n}\n') },
    ]
    const { loaded, unchanged, failed, passages } = await client.loadDocuments(id, files)
    expect([loaded, unchanged, failed.map(({ name, code }) => [name, code])]).toEqual([3, 0, [['empty.txt', 'document-empty'], ['broken.pdf', 'document-broken']]])
    const stored = await client.passages(id, { limit: 100 })
    expect(stored).toHaveLength(passages)
    expect(new Set(stored.map(({ source }) => source))).toEqual(new Set(['handbook.md', 'report.pdf', 'gauge.ts']))
    expect(stored.find(({ text }) => text.includes('gauge of page 2'))?.text).toMatch(/^\(page 2 · Chapter 2\)\n/)
    expect(stored.find(({ text }) => text.includes('4711'))?.text).toMatch(/^\(lines \d+-\d+ · Handbook › Locks\)\n/)
    expect(stored.find(({ source }) => source === 'gauge.ts')?.text).toMatch(/^\(lines 1-4 · readGauge\)\n/)
    const { documents } = await client.documents(id)
    expect(documents.map(({ name, status, pages }) => [name, status, pages])).toEqual([
      ['broken.pdf', 'failed', undefined],
      ['gauge.ts', 'loaded', undefined],
      ['handbook.md', 'loaded', undefined],
      ['report.pdf', 'loaded', 3],
    ])
  })

  test('and that the endpoint refuses, or an error of ours forbids, have failed by name, small ones and a large one; the others are loaded [documents:load errors:final]', { timeout: 60_000 }, async () => {
    const embedder = simulatedEmbedder()
    const embed: Embedder['embed'] = (texts, signal) => {
      if (texts.some((text) => text.includes('poison'))) return Promise.reject(new ModelError('bad-request', 'the input is refused'))
      if (texts.some((text) => text.includes('mismatch'))) return Promise.reject(new PerdureError('embedding-mismatch', 'another model'))
      return embedder.embed(texts, signal)
    }
    agents = await startAgents({ model: scriptedModel([], { afterwards: say('Noted.') }), embedder: { ...embedder, embed } })
    const { client, agentId: id } = agents
    await client.create({ id, model: 'scripted' })
    const large = (word: string) => bytes(`${filler.repeat(170)}\n\n${word}`)
    const { failed, loaded } = await client.loadDocuments(id, [
      { name: '1.txt', bytes: bytes('A poison.') },
      { name: '2.txt', bytes: bytes('A flower.') },
      { name: '3.txt', bytes: large('poison') },
      { name: '4.txt', bytes: bytes('A mismatch.') },
      { name: '5.txt', bytes: bytes('A tree.') },
    ])
    expect(loaded).toBe(2)
    expect(failed.map(({ name, code }) => [name, code]).toSorted()).toEqual([['1.txt', 'model-refused'], ['3.txt', 'model-refused'], ['4.txt', 'embedding-mismatch']])
    expect((await client.documents(id)).documents.filter(({ status }) => status === 'loaded').map(({ name }) => name)).toEqual(['2.txt', '5.txt'])
    expect(large('').length).toBeGreaterThan(256 * 1024)
  })

  test('a second time change nothing; with another content they take their place [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const first = { name: 'notes.txt', bytes: bytes('The code is 4711.') }
    await client.loadDocuments(id, [first])
    expect(await client.loadDocuments(id, [first])).toMatchObject({ loaded: 0, unchanged: 1 })
    expect(await texts(id)).toEqual(['(line 1)\nThe code is 4711.'])
    expect(await client.loadDocuments(id, [{ name: 'notes.txt', bytes: bytes('The code is 5822.') }])).toMatchObject({ loaded: 1, unchanged: 0 })
    expect(await texts(id)).toEqual(['(line 1)\nThe code is 5822.'])
  })

  // HTTP has no path of a file.
  test.skipIf(inject('askedOverHttp'))('are known by the path of their file: another file of the same name is refused by name until the first one is unloaded [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const notes = (path: string, text: string) => ({ name: 'notes.md', path, bytes: bytes(text) })
    await client.loadDocuments(id, [notes('/a/notes.md', 'The code is 4711.')])
    const { failed, loaded } = await client.loadDocuments(id, [notes('/b/notes.md', 'The code is 5822.'), { name: '/b/notes.md', path: '/b/notes.md', bytes: bytes('The code is 5822.') }])
    expect([loaded, failed]).toEqual([1, [{ name: 'notes.md', code: 'document-name-taken', detail: expect.stringContaining('another file that is loaded, /a/notes.md;') as string }]])
    expect(await texts(id)).toEqual(expect.arrayContaining(['(line 1)\nThe code is 4711.', '(line 1)\nThe code is 5822.']))
    expect(await client.loadDocuments(id, [notes('/a/notes.md', 'The code is 4712.')])).toMatchObject({ loaded: 1, failed: [] })
    await client.unloadDocuments(id, ['notes.md'])
    expect(await client.loadDocuments(id, [notes('/b/notes.md', 'The code is 5822.')])).toMatchObject({ loaded: 1, failed: [] })
  })

  test('and whose files change are found at each moment, as they were or as they are, small ones and a large one [documents:load]', { timeout: 60_000 }, async () => {
    const { id } = await agentWith([])
    const { client, stores } = agents
    const version = (word: string) => [{ name: 'small.txt', bytes: bytes(`small ${word}`) }, { name: 'large.txt', bytes: bytes(`large ${word} ${filler}\n\n`.repeat(170)) }]
    await client.loadDocuments(id, version('early'))
    const seen: string[] = []
    let over = false
    const looking = (async () => {
      while (!over) {
        const sources = new Set((await stores.archival.list(id, 0, 1_000)).map(({ source }) => source))
        if (sources.size < 2) seen.push([...sources].join())
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    expect(await client.loadDocuments(id, version('late'))).toMatchObject({ loaded: 2, failed: [] })
    over = true
    await looking
    expect(seen).toEqual([])
    expect((await texts(id)).filter((text) => text.includes('early'))).toEqual([])
  })

  test('under two names with one content have passages under each, and those of one name go with it [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const sources = async (): Promise<unknown[]> => (await client.passages(id)).map(({ source }) => source).toSorted()
    await client.loadDocuments(id, ['a.txt', 'b.txt'].map((name) => ({ name, bytes: bytes('Shared words.') })))
    expect(await sources()).toEqual(['a.txt', 'b.txt'])
    expect(await client.unloadDocuments(id, ['a.txt', 'nowhere.txt'])).toMatchObject({ removed: 1 })
    expect(await sources()).toEqual(['b.txt'])
    await client.loadDocuments(id, [{ name: 'a.txt', bytes: bytes('Shared words.') }])
    expect(await client.loadDocuments(id, [{ name: 'b.txt', bytes: bytes('Words of its own.') }])).toMatchObject({ loaded: 1 })
    expect(await texts(id)).toEqual(expect.arrayContaining(['(line 1)\nShared words.', '(line 1)\nWords of its own.']))
    expect(await sources()).toEqual(['a.txt', 'b.txt'])
    await client.unloadDocuments(id, ['a.txt', 'b.txt'])
    expect([await texts(id), (await client.documents(id)).total]).toEqual([[], 0])
  })

  test('of one content, but read otherwise by what their names end with, have passages of their own [documents:load]', async () => {
    const { id } = await agentWith([])
    await agents.client.loadDocuments(id, ['a.txt', 'a.md'].map((name) => ({ name, bytes: bytes('# Locks\n\nThe code is 4711.') })))
    expect((await texts(id)).sort()).toEqual(['(lines 1-3 · Locks)\n# Locks\n\nThe code is 4711.', '(lines 1-3)\n# Locks\n\nThe code is 4711.'])
  })

  test('by several clients at once are loaded once [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const files = Array.from({ length: 6 }, (_, index) => ({ name: `note-${index}.txt`, bytes: bytes(`Note ${index}.\n${filler}`) }))
    const results = await Promise.all([client.loadDocuments(id, files), client.loadDocuments(id, files), client.loadDocuments(id, files.toReversed())])
    expect(results.map(({ failed }) => failed)).toEqual([[], [], []])
    const stored = await texts(id)
    expect([new Set(stored).size, stored.length, (await client.documents(id)).documents.map(({ status }) => status)]).toEqual([6, 6, files.map(() => 'loaded')])
  })

  test('and are replaced, or taken out, while they are loaded leave no passage of what they were [documents:load]', async () => {
    const { id } = await agentWith([])
    const { client } = agents
    const long = (word: string): Uint8Array => bytes(`The word is ${word}.\n\n${`${filler}\n\n`.repeat(200)}`)
    const first = client.loadDocuments(id, [{ name: 'kept.txt', bytes: long('early') }, { name: 'gone.txt', bytes: long('gone') }])
    await expect.poll(() => agents.stores.archival.count(id), { timeout: 20_000, interval: 5 }).toBeGreaterThan(0)
    const replaced = client.loadDocuments(id, [{ name: 'kept.txt', bytes: long('late') }])
    const removed = client.unloadDocuments(id, ['gone.txt'])
    expect((await Promise.all([first, replaced, removed])).map(({ failed }) => failed)).toEqual([[], [], []])
    expect((await client.documents(id)).documents.map(({ name, status }) => [name, status])).toEqual([['kept.txt', 'loaded']])
    const stored = await client.passages(id, { limit: 1_000 })
    const [kept] = (await client.documents(id)).documents
    expect(stored.map(({ op }) => op).sort()).toEqual(Array.from({ length: kept?.chunks ?? 0 }, (_, index) => chunkOp({ agentId: id, name: 'kept.txt', hash: kept?.hash ?? '' }, index)).sort())
  })

  test('while their agent is deleted leave nothing of it [documents:load agent:create]', async () => {
    const { id } = await agentWith([])
    const { client, stores } = agents
    const name = 'long.txt'
    const content = bytes(`${filler}\n\n`.repeat(400))
    const loading = client.loadDocuments(id, [{ name, bytes: content }]).catch((error: unknown) => error)
    await expect.poll(() => stores.archival.count(id), { timeout: 20_000, interval: 5 }).toBeGreaterThan(0)
    await client.delete(id)
    expect(await loading).toMatchObject({ code: 'agent-unknown' })
    await expect.poll(() => stores.archival.count(id), { timeout: 20_000 }).toBe(0)
    const { documents } = stores.memory
    const hash = await contentHash(name, content)
    expect([await documents.get(id, name), await documents.countChunks(id, hash), await documents.contentPart(id, hash, 0)]).toEqual([undefined, 0, undefined])
  })

  test('are told to the agent, which can list them, search them and read on around a hit [documents:analyse event:kinds]', async () => {
    const { id, model } = await agentWith([
      say('Thank you for the documents.'),
      call('archival_memory_search', { query: 'code of the eastern lock' }, { heartbeat: true }),
      call('list_documents', {}, { heartbeat: true }),
      call('open_document', { name: 'handbok.md' }, { heartbeat: true }),
      call('open_document', { name: 'handbook.md', line: 5 }, { heartbeat: true }),
      call('open_document', { name: 'handbook.md', line: 5_000 }, { heartbeat: true }),
      say('It is 4711.'),
    ])
    const { client } = agents
    await client.loadDocuments(id, [{ name: 'handbook.md', bytes: bytes(handbook) }])
    await told(id)
    const messages = await client.messages(id)
    expect(messages.find(({ kind }) => kind === 'upload')?.text).toContain('1 loaded. There are 1 now: handbook.md')
    await client.send(id, 'What is the code of the eastern lock?')
    const offered = model.requests.at(-1)?.tools.map(({ name }) => name)
    expect(offered).toEqual(['send_message', 'archival_memory_search', 'list_documents', 'open_document'])
    expect(model.requests.at(-1)?.messages[0]?.content).toContain('1 documents are loaded')
    const results = (await client.messages(id)).filter(({ role, toolName }) => role === 'tool' && toolName !== 'send_message').map(({ text }) => text)
    expect(results[0]).toContain('handbook.md #document: (lines')
    expect(results[1]).toContain('handbook.md: markdown, ')
    expect(results[2]).toContain('did you mean "handbook.md"?')
    expect(results[3]).toMatch(/^handbook\.md, passages \d+-\d+ of \d+\n\n\[line \d+ · Handbook › Locks\]\n## Locks/)
    expect(results[4]).toContain('handbook.md ends at line')
  })

  test('are no tools of an agent that has none [documents:analyse]', async () => {
    const { id, model } = await agentWith([])
    await agents.client.send(id, 'Hello')
    expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(['send_message', 'archival_memory_search'])
  })

  test('are read by tools of their own, but for a name that the agent has: no two tools of one name are offered [documents:analyse definition:living]', async () => {
    const { id, model } = await agentWith([])
    const { client } = agents
    const own = { name: 'open_document', description: 'Opens one of mine.', parameters: { type: 'object', properties: {} } }
    await client.update(id, { tools: ['send_message', 'send_message', 'archival_memory_search'], clientTools: [own] })
    await client.loadDocuments(id, [{ name: 'a.txt', bytes: bytes('The code is 4711.') }])
    await client.send(id, 'Hello')
    const tools = model.requests.at(-1)?.tools ?? []
    expect(tools.map(({ name }) => name)).toEqual(['send_message', 'archival_memory_search', 'list_documents', 'open_document'])
    expect(tools.at(-1)?.description).toContain('Opens one of mine.')
  })

  test.each([['', /has 1 to/], ['a\nb', /no control characters/], ['x'.repeat(501), /500/]])('under a name that is none are refused [documents:load]', async (name, why) => {
    const { id } = await agentWith([])
    await expect(agents.client.loadDocuments(id, [{ name, bytes: bytes('x') }])).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(why) as string })
  })
})
