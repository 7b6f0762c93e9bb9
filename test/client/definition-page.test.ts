import { describe, expect, test } from 'vitest'
import { listedVersions, newestVersions } from '../../src/cli/definition-versions.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { definitionPage, nextBefore } from '../../src/client/definition-page.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { limits } from '../../src/protocol/limits.ts'
import type { DefinitionVersion } from '../../src/stores/definitions.ts'
import { httpOf } from '../support/http.ts'

const definition = defineAgent({ id: 'ada' })

/** Versions 1, 2, 3, … with texts of these lengths; and how many were read at once at the most. */
function stored(lengths: readonly number[]) {
  const all = lengths
    .map((length, index): DefinitionVersion => ({ agentId: 'ada', version: index + 1, definition: { ...definition, description: String(index), metadata: { text: 'x'.repeat(length) } }, op: `op ${index}`, author: 'ada', turn: 0, at: '2026-01-01T00:00:00Z' }))
    .toReversed()
  const sizes: number[] = []
  const history = (_agent: string, { limit, before = Infinity }: { readonly limit: number; readonly before?: number }) => {
    sizes.push(limit)
    return Promise.resolve(all.filter(({ version }) => version < before).slice(0, limit))
  }
  const definitions = (_agent: string, { limit = 20, before }: { readonly limit?: number; readonly before?: number } = {}) => definitionPage({ history }, 'ada', { limit, before })
  return { client: { definitions }, all, sizes }
}

async function allPages({ client }: Pick<ReturnType<typeof stored>, 'client'>, limit: number) {
  const pages: (readonly DefinitionVersion[])[] = []
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; before = nextBefore(pages.at(-1) ?? [])) pages.push(await client.definitions('ada', { before, limit }))
  return pages
}

const large = Array.from({ length: 60 }, (_, index) => (index % 5 === 0 ? 1_000_000 : 10))

describe('a page of versions of a definition', () => {
  test('ends by bytes as well as by number, few are read at once, and the pages together have every version once [definition:living]', async () => {
    const versions = stored(large)
    const pages = await allPages(versions, 1_000)
    expect(pages.flat()).toEqual(versions.all)
    expect(pages.length).toBe(3)
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(limits.pageBytes + 1_000)
    expect(Math.max(...versions.sizes)).toBeLessThan(10)
  })

  test('has as many as are asked for where they are small, and says where the next one begins, until there is none [definition:living]', async () => {
    const versions = stored(Array.from({ length: 30 }, () => 10))
    expect((await allPages(versions, 13)).map(({ length }) => length)).toEqual([13, 13, 4])
    expect((await allPages(versions, 15)).map(({ length }) => length)).toEqual([15, 15])
    expect(await versions.client.definitions('ada', { before: 1, limit: 9 })).toEqual([])
    expect(nextBefore([])).toBeUndefined()
  })

  test('has one version at least, however large [definition:living]', async () => {
    expect((await allPages(stored([limits.pageBytes + 1, limits.pageBytes + 1, 10]), 9)).map(({ length }) => length)).toEqual([1, 1, 1])
  })
})

test('over HTTP a page says where the next one begins, and the last one does not [http:api definition:living]', async () => {
  const { client } = stored(Array.from({ length: 3 }, () => 10))
  const http = httpOf(client as unknown as PerdureClient)
  const page = async (query: string) => (await http.ask('GET', `/agents/ada/definitions?${query}`)).body as { readonly definitions: readonly DefinitionVersion[]; readonly next?: number }
  expect(await page('limit=2')).toMatchObject({ definitions: [{ version: 3 }, { version: 2 }], next: 2 })
  expect(await page('limit=2&before=2')).toMatchObject({ definitions: [{ version: 1 }] })
  expect(await page('limit=2&before=2')).not.toHaveProperty('next')
})

test('the command lists as many versions as ever where they come in several pages, each with what it has changed [definition:living]', async () => {
  const versions = stored(large)
  const listed = await listedVersions(versions.client, 'ada', 50)
  expect(listed.map(({ version }) => version)).toEqual(Array.from({ length: 50 }, (_, index) => 60 - index))
  expect(listed.every(({ changed }) => changed.includes('description'))).toBe(true)
  expect((await listedVersions(versions.client, 'ada', 100)).at(-1)).toMatchObject({ version: 1, changed: [] })
  const read: number[] = []
  for await (const { version } of newestVersions(versions.client, 'ada', 50)) read.push(version)
  expect(read).toEqual(listed.map(({ version }) => version))
})
