import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { passageText } from '../../src/activities/documents/index-document.ts'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import type { DocumentFile } from '../../src/client/documents.ts'
import { parseDocument } from '../documents/parse-document.ts'
import { findFiles } from '../../src/documents/files/find-files.ts'
import { chunkOp } from '../../src/protocol/documents.ts'
import { contentHash } from '../../src/stores/content-hash.ts'
import type { ScriptedStep } from '../../src/testing.ts'
import { simulatedModel } from '../../src/testing.ts'
import { pdfOf } from '../documents/made-files.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startScript } from './support/script-process.ts'
import { inWorld, type World } from './support/world.ts'

const timeout = 300_000
const patience = { timeout: 120_000, interval: 20 }
const contextWindow = 8_000

const planted: Readonly<Record<number, string>> = {
  3: 'The harbour master of Elmsworth is Tobias Wren.',
  200: 'The bell of the northern lighthouse weighs 4711 kilograms.',
  399: 'The winter quarters of captain Brandvold are in Saltholm.',
}
const filler = (page: number): string => `The level of gauge ${page} was written down at dawn and at dusk. `.repeat(30)
const textOf = (page: number): string => `${filler(page)}\n${planted[page] ?? 'Nothing else was seen.'}\n${filler(page)}`

/** What the simulated model says to each request, whatever it is about. */
const simulated = simulatedModel()
const asSimulated: ScriptedStep = async (request) => {
  const { text, toolCalls } = await simulated.complete(request, new AbortController().signal)
  return toolCalls.length === 0 ? { type: 'thought', text } : toolCalls.map((called) => ({ type: 'call', name: called.name, arguments: called.arguments }))
}
const moves = (): readonly ScriptedStep[] => Array.from({ length: 30 }, () => asSimulated)

const sourceFiles = (): DocumentFile[] => findFiles([fileURLToPath(new URL('../../src', import.meta.url))]).map(({ path, name }) => ({ name, bytes: readFileSync(path) }))

/** Operation id and text of every passage, each once, as reading the files by themselves gives them. */
async function expectedOf(agentId: string, files: readonly DocumentFile[]): Promise<Map<string, string>> {
  const expected = new Map<string, string>()
  for (const { name, bytes } of files) {
    const { chunks } = await parseDocument({ name, bytes })
    const hash = await contentHash(name, bytes)
    for (const [index, chunk] of chunks.entries()) expected.set(chunkOp({ agentId, name, hash }, index), passageText(chunk))
  }
  return expected
}

/** Every passage that is there, sorted; an array, so that what is doubled shows. */
async function storedOf({ stores }: World, agentId: string): Promise<(readonly [string, string])[]> {
  const passages = await stores.archival.list(agentId, 0, 1_000_000)
  return passages.map(({ op, text }) => [op, text] as const).sort(byOp)
}

const byOp = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1)
const sorted = (expected: ReadonlyMap<string, string>): (readonly [string, string])[] => [...expected].sort(byOp)

async function newAgent({ client }: World): Promise<string> {
  const id = `d-${randomUUID().slice(0, 8)}`
  await client.create({ id, model: 'scripted', contextWindow })
  return id
}

describe('documents that are loaded', { timeout }, () => {
  test('while workers are killed have each passage once, and are answered from far beyond the window, with the page [documents:load documents:analyse]', async () => {
    await inWorld({ point: 'document-indexed', moves }, async (world) => {
      const { client } = world
      const id = await newAgent(world)
      const files = [{ name: 'harbour.pdf', bytes: await pdfOf(400, textOf) }, ...sourceFiles()]
      const expected = await expectedOf(id, files)
      expect(expected.size).toBeGreaterThan(1_500)

      const first = await world.startWorker()
      const loading = client.loadDocuments(id, files)
      expect(await first.died).toBe('SIGKILL')
      const second = await world.startWorker()
      await vi.waitFor(async () => expect(await world.stores.archival.count(id)).toBeGreaterThan(expected.size / 3), patience)
      await second.kill()
      expect(await world.stores.archival.count(id)).toBeLessThan(expected.size)
      await world.startWorker()
      expect(await loading).toMatchObject({ loaded: files.length, unchanged: 0, failed: [], passages: expected.size })
      expect(await storedOf(world, id)).toEqual(sorted(expected))

      const ask = async (text: string): Promise<string> => (await client.send(id, text)).replyTexts.join(' ')
      expect(await ask('Who is the harbour master of Elmsworth?')).toBe(`I found this in harbour.pdf, page 3: "${planted[3]}"`)
      expect(await ask('How much does the bell of the northern lighthouse weigh?')).toBe(`I found this in harbour.pdf, page 200: "${planted[200]}"`)
      expect(await ask('Where are the winter quarters of captain Brandvold?')).toBe(`I found this in harbour.pdf, page 399: "${planted[399]}"`)
      const told = (await client.messages(id, { limit: 1_000 })).filter(({ kind }) => kind === 'upload')
      expect(told.map(({ text }) => text)).toEqual([expect.stringContaining(`There are ${files.length} now`)])
    })
  })

  test.each<FaultPointName>(['document-read', 'document-finished'])('by a worker that is killed at %s, and by the next one, have each passage once [documents:load]', async (point) => {
    await inWorld({ point }, async (world) => {
      const { client, agentId } = world
      const files = [
        { name: 'large.txt', bytes: Buffer.from(Array.from({ length: 100 }, (_, page) => textOf(page)).join('\n\n')) },
        ...Array.from({ length: 5 }, (_, index) => ({ name: `small-${index}.txt`, bytes: Buffer.from(`Note ${index}.\n${filler(index)}`) })),
      ]
      const expected = await expectedOf(agentId, files)
      const doomed = await world.startWorker()
      const loading = client.loadDocuments(agentId, files)
      expect(await doomed.died).toBe('SIGKILL')
      await world.startWorker()
      expect(await loading).toMatchObject({ loaded: 6, failed: [], passages: expected.size })
      expect(await storedOf(world, agentId)).toEqual(sorted(expected))
      const hash = await contentHash('large.txt', files[0]?.bytes ?? new Uint8Array())
      expect(await world.stores.memory.documents.contentPart(agentId, hash, 0)).toBeUndefined()
    })
  })

  test('by a client that is killed half-way are loaded as far as they were given over; loading again does the rest, once [documents:load]', async () => {
    const folder = await temporaryFolder()
    const notes = join(folder.path, 'notes')
    mkdirSync(notes)
    for (let index = 0; index < 40; index += 1) writeFileSync(join(notes, `note-${String(index).padStart(2, '0')}.md`), `# Note ${index}\n\n${filler(index)}`)
    let environment: Readonly<Record<string, string | undefined>> = {}
    const ofWorkers = async (given: typeof environment): Promise<Record<string, string>> => {
      environment = given
      return {}
    }
    await inWorld({ ofWorkers }, async (world) => {
      const { client, agentId } = world
      await world.startWorker()
      const script = fileURLToPath(new URL('support/load-process.ts', import.meta.url))
      const doomed = await startScript({ script, arguments: [agentId, notes], environment, ready: 'half' })
      await doomed.kill()
      await vi.waitFor(async () => expect(await world.stores.memory.documents.count(agentId)).toBe(20), patience)

      const files = findFiles([notes]).map(({ path, name }) => ({ name, bytes: readFileSync(path) }))
      expect(await client.loadDocuments(agentId, files)).toMatchObject({ loaded: 20, unchanged: 20, failed: [] })
      expect(await storedOf(world, agentId)).toEqual(sorted(await expectedOf(agentId, files)))
    })
    await folder.remove()
  })
})
