import { describe, expect, test } from 'vitest'
import { ModelError } from '../../../src/model/model-error.ts'
import { reindex } from '../../../src/operations/reindex.ts'
import type { EmbeddingSpace } from '../../../src/stores/archival.ts'
import type { ArchivalUnderTest } from '../store-contract.ts'
import { freshAgentId } from '../memory/samples.ts'
import { embedderOf, foundIn, insertIn, vectorFor } from './reindex-samples.ts'

const numbered = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${prefix} ${index}`)
const mismatch = { code: 'embedding-mismatch' }

/** To be the only one on its store: a change of the model is one of all agents' passages. */
export function reindexPromises(under: () => ArchivalUnderTest): void {
  let former: EmbeddingSpace = { model: 'first-embedder', dimensions: 4 }
  let named = 0
  const nextSpace = (dimensions: number): EmbeddingSpace => ({ model: `embedder ${(named += 1)}`, dimensions })

  describe('embedding anew', () => {
    test('an empty store needs nothing [archival:embedding-guard]', async () => {
      const report = await reindex(under().store, embedderOf(former), { dryRun: false })
      expect(report).toMatchObject({ stored: undefined, embedded: 0 })
    })

    test.for([
      ['another model', 4],
      ['another model of other dimensions', 7],
    ] as const)('with %s: all agents find all passages by it, on another handle too; the former model is refused by name [archival:embedding-guard]', async ([, dimensions]) => {
      const { store, another } = under()
      const [ada, bob] = [freshAgentId(), freshAgentId()]
      await insertIn(store, ada, numbered('tern', 150), former)
      await insertIn(another, bob, ['bob writes'], former)
      const to = nextSpace(dimensions)
      const listed = await store.list(ada, 0, 200)
      const report = await reindex(store, embedderOf(to), { dryRun: false })
      expect(report.stored).toEqual(former)
      for (const handle of [another, store]) {
        await expect(foundIn(handle, ada, 'tern 3', former)).rejects.toMatchObject(mismatch)
        await expect(insertIn(handle, ada, ['late'], former)).rejects.toThrow(/perdure reindex/)
        expect((await foundIn(handle, ada, 'tern 3', to))[0]).toBe('tern 3')
        expect((await foundIn(handle, ada, 'tern 3', to)).toSorted()).toEqual(numbered('tern', 150).toSorted())
        expect(await foundIn(handle, bob, 'bob writes', to)).toEqual(['bob writes'])
        expect(await handle.list(ada, 0, 200)).toEqual(listed)
      }
      // Operation ids stay: what is repeated under the new setting is there once.
      await insertIn(another, ada, numbered('tern', 150), to)
      expect(await store.count(ada)).toBe(150)
      expect((await store.search(ada, { words: 'tern', vector: new Array<number>(dimensions).fill(0.5), offset: 0, limit: 5, tags: ['kept'] }, to)).total).toBe(150)
      former = to
    })

    test('a dry run counts by agent and changes nothing [archival:embedding-guard]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await insertIn(store, agentId, numbered('swift', 70), former)
      const to = nextSpace(3)
      const refusing = embedderOf(to, () => Promise.reject(new Error('asked in a dry run')))
      const report = await reindex(store, refusing, { dryRun: true })
      expect(report).toMatchObject({ stored: former, to, embedded: 0, leftovers: false })
      expect(report.passages.get(agentId)).toBe(70)
      expect(report.unembedded).toBe([...report.passages.values()].reduce((sum, count) => sum + count, 0))
      expect(await foundIn(store, agentId, 'swift 1', former)).toHaveLength(70)
    })

    test('an endpoint that fails at the first question leaves all as it was [archival:embedding-guard]', async () => {
      const { store } = under()
      const failing = embedderOf(nextSpace(3), () => Promise.reject(new Error('answers with 5 dimensions, not 3')))
      await expect(reindex(store, failing, { dryRun: false })).rejects.toThrow('5 dimensions')
      expect(await store.reindexing(former).survey()).toMatchObject({ stored: former, leftovers: false })
    })

    test('while it runs, workers on the former setting write, find, remove and erase; nothing of it is lost or comes back [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const [ada, gone] = [freshAgentId(), freshAgentId()]
      await insertIn(store, ada, numbered('heron', 100), former)
      await insertIn(store, gone, numbered('ghost', 40), former)
      const old = former
      const to = nextSpace(5)
      let written = 0
      const embedder = embedderOf(to, async (call) => {
        const refused: unknown = await insertIn(another, ada, [`meanwhile ${call}`], old).catch((error: unknown) => error)
        if (refused !== undefined) {
          // Asked for what went into the former vectors last: the new ones are in force.
          expect(refused).toMatchObject(mismatch)
          expect(await foundIn(another, ada, 'heron 1', to)).toContain('heron 1')
          return
        }
        written += 1
        expect((await foundIn(another, ada, `meanwhile ${call}`, old))[0]).toBe(`meanwhile ${call}`)
        await expect(foundIn(another, ada, 'heron 1', to)).rejects.toMatchObject(mismatch)
        if (call === 3) {
          await another.remove(ada, [`${ada}/heron 7`, `${ada}/heron 99`])
          await insertIn(another, ada, ['heron 99'], old)
          await another.eraseAgent(gone)
        }
      })
      await reindex(store, embedder, { dryRun: false })
      const expected = [...numbered('heron', 100).filter((text) => text !== 'heron 7'), ...Array.from({ length: written }, (_, index) => `meanwhile ${index + 1}`)]
      expect(written).toBeGreaterThan(3)
      expect((await foundIn(another, ada, 'heron 1', to)).toSorted()).toEqual(expected.toSorted())
      expect([await store.count(ada), await store.count(gone), await another.count(gone)]).toEqual([expected.length, 0, 0])
      former = to
    })

    test('a writer at full speed on the former setting loses no insert that returned: those refused say so [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await insertIn(store, agentId, numbered('gull', 10), former)
      const old = former
      const to = nextSpace(6)
      const acknowledged: string[] = []
      const writing = (async () => {
        for (let place = 0; ; place += 1) {
          await insertIn(another, agentId, [`written ${place}`], old)
          acknowledged.push(`written ${place}`)
          await new Promise((resolve) => setImmediate(resolve))
        }
      })().catch((error: unknown) => error)
      // It is at work before the change begins.
      await expect.poll(() => acknowledged.length).toBeGreaterThan(0)
      await reindex(store, embedderOf(to), { dryRun: false })
      expect(await writing).toMatchObject(mismatch)
      const found = new Set(await foundIn(store, agentId, 'gull 1', to))
      expect(acknowledged.filter((text) => !found.has(text))).toEqual([])
      former = to
    })

    test('goes on past a text that the model refuses: it is named, found by its words, and asked for again by the next run [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const before = await store.reindexing(former).survey()
      const others = [...before.passages.values()].reduce((sum, count) => sum + count, 0)
      await insertIn(store, agentId, [...numbered('plover', 140), 'poison apple', 'poison berry'], former)
      const to = nextSpace(5)
      const asked: string[] = []
      const choosing = (poison: RegExp) => ({ ...to, embed: async (...given: Parameters<ReturnType<typeof embedderOf>['embed']>) => {
        asked.push(...given[0])
        if (given[0].some((text) => poison.test(text))) throw new ModelError('bad-request', 'no poison')
        return embedderOf(to).embed(...given)
      } })
      const refusals = (...texts: readonly string[]) => texts.map((text) => ({ agentId, op: `${agentId}/${text}`, source: 'agent', reason: 'no poison' }))
      const run = async (handle: typeof store, poison: RegExp) => {
        asked.length = 0
        const { embedded, refusedPassages } = await reindex(handle, choosing(poison), { dryRun: false })
        return { embedded, refused: refusedPassages.toSorted((one, other) => (one.op < other.op ? -1 : 1)) }
      }
      expect(await run(store, /poison/)).toEqual({ embedded: others + 140, refused: refusals('poison apple', 'poison berry') })
      // With others, with fewer of them, and alone; in no later pass.
      expect(asked.filter((text) => text === 'poison apple').length).toBeLessThan(9)

      const everything = [...numbered('plover', 140), 'poison apple', 'poison berry'].toSorted()
      const byWords = async (words: string): Promise<readonly string[]> =>
        (await another.search(agentId, { words, vector: vectorFor('plover 1', to), offset: 0, limit: 3 }, to)).hits.map(({ passage }) => passage.text)
      expect((await byWords('berry'))[0]).toBe('poison berry')
      expect((await byWords('poison')).slice(0, 2).toSorted()).toEqual(['poison apple', 'poison berry'])
      const nearest = await foundIn(another, agentId, 'plover 1', to)
      expect([nearest[0], nearest.toSorted()]).toEqual(['plover 1', everything])
      expect(nearest.slice(-2).toSorted()).toEqual(['poison apple', 'poison berry'])
      expect(await another.reindexing(to).survey()).toMatchObject({ stored: to, unembedded: 2, leftovers: false })

      // What workers have changed meanwhile stays: one is superseded, and gets its vector all the same.
      const [apple, berry] = [`${agentId}/poison apple`, `${agentId}/poison berry`]
      await another.supersede(agentId, berry, `${agentId}/plover 1`)
      expect(await run(another, /apple/)).toEqual({ embedded: 1, refused: refusals('poison apple') })
      expect(await store.get(agentId, berry)).toMatchObject({ supersededBy: `${agentId}/plover 1` })
      const withFormer = await store.search(agentId, { words: '', vector: vectorFor('poison berry', to), offset: 0, limit: 1, superseded: true }, to)
      expect(withFormer.hits[0]?.passage.text).toBe('poison berry')
      // An edit makes a vector of what it says then.
      const written = await store.get(agentId, apple)
      if (written === undefined) throw new Error('the passage is not there')
      await store.edit({ passage: { ...written, text: 'sweet apple', edits: [{ op: `${agentId}/edit`, by: 'Ada', at: written.at }] }, vector: vectorFor('sweet apple', to) }, to)
      expect(await run(store, /poison/)).toEqual({ embedded: 0, refused: [] })
      expect((await foundIn(another, agentId, 'sweet apple', to))[0]).toBe('sweet apple')
      expect(await another.reindexing(to).survey()).toMatchObject({ stored: to, unembedded: 0 })
      former = to
    })

    test('broken off behind a text that is refused it asks for that one again, and goes on where it was; removed meanwhile it does not come back [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await insertIn(store, agentId, ['poison', ...numbered('dunlin', 3)], former)
      const to = nextSpace(6)
      const change = store.reindexing(to)
      await change.prepare()
      for await (const { passages, keep } of change.unembedded(1_000)) await keep(passages.map(({ text }) => (text === 'poison' ? undefined : vectorFor(text, to))))
      expect(await another.reindexing(to).survey()).toMatchObject({ stored: former, unembedded: 1 })
      expect(await foundIn(another, agentId, 'poison', former)).toHaveLength(4)
      expect(await reindex(another, embedderOf(to), { dryRun: false })).toMatchObject({ embedded: 1, refusedPassages: [] })
      expect((await foundIn(store, agentId, 'poison', to))[0]).toBe('poison')

      await insertIn(store, agentId, ['venom', 'toxin'], to)
      const last = nextSpace(6)
      const next = store.reindexing(last)
      await next.prepare()
      const pass = async (vectors: (text: string) => readonly number[] | undefined, meanwhile?: () => Promise<void>): Promise<number> => {
        let kept = 0
        for await (const { passages, keep } of next.unembedded(1_000)) {
          await meanwhile?.()
          kept += await keep(passages.map(({ text }) => vectors(text)))
        }
        return kept
      }
      await pass((text) => (['venom', 'toxin'].includes(text) ? undefined : vectorFor(text, last)))
      await next.switchOver()
      await next.dropFormer()
      expect(await pass((text) => vectorFor(text, last), () => another.remove(agentId, [`${agentId}/venom`]))).toBe(1)
      expect((await foundIn(another, agentId, 'toxin', last)).toSorted()).toEqual([...numbered('dunlin', 3), 'poison', 'toxin'].toSorted())
      expect(await store.get(agentId, `${agentId}/venom`)).toBeUndefined()
      former = last
    })

    test('broken off before the switch it goes on where it was; given up for yet another model it leaves nothing behind [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await insertIn(store, agentId, numbered('crane', 200), former)
      const to = nextSpace(8)
      const breaking = (space: EmbeddingSpace) => embedderOf(space, (call) => (call > 3 ? Promise.reject(new Error('broken off')) : Promise.resolve()))
      await expect(reindex(store, breaking(to), { dryRun: false })).rejects.toThrow('broken off')
      // Given up by going back to the former model, then begun again.
      await reindex(another, embedderOf(former, () => Promise.reject(new Error('asked for nothing'))), { dryRun: false })
      expect(await store.reindexing(to).survey()).toMatchObject({ stored: former, leftovers: false })
      await expect(reindex(store, breaking(to), { dryRun: false })).rejects.toThrow('broken off')

      const { passages, unembedded } = await another.reindexing(to).survey()
      const total = [...passages.values()].reduce((sum, count) => sum + count, 0)
      expect(total - unembedded).toBe(128)
      expect(await foundIn(another, agentId, 'crane 5', former)).toHaveLength(200)
      const resumed = await reindex(another, embedderOf(to), { dryRun: false })
      expect(resumed.embedded).toBe(unembedded)

      await expect(reindex(store, breaking(nextSpace(9)), { dryRun: false })).rejects.toThrow('broken off')
      const last = nextSpace(9)
      expect((await reindex(store, embedderOf(last), { dryRun: false })).embedded).toBe(total)
      expect((await foundIn(another, agentId, 'crane 5', last))[0]).toBe('crane 5')
      expect(await another.reindexing(last).survey()).toMatchObject({ stored: last, unembedded: 0, leftovers: false })
      former = last
    })

    test('broken off after the switch, the next run takes what was left and removes the former vectors [archival:embedding-guard]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await insertIn(store, agentId, ['rail'], former)
      const to = nextSpace(4)
      const change = store.reindexing(to)
      await change.prepare()
      for await (const { passages, keep } of change.unembedded(1_000)) await keep(await embedderOf(to).embed(passages.map(({ text }) => text), AbortSignal.timeout(60_000)))
      await insertIn(another, agentId, ['corncrake'], former)
      await change.switchOver()
      expect((await another.reindexing(to).survey()).leftovers).toBe(true)
      expect((await foundIn(another, agentId, 'rail', to))[0]).toBe('rail')
      await reindex(another, embedderOf(to), { dryRun: false })
      expect(await store.reindexing(to).survey()).toMatchObject({ stored: to, leftovers: false })
      expect(await foundIn(another, agentId, 'corncrake', to)).toEqual(['corncrake', 'rail'])
      await expect(foundIn(store, agentId, 'rail', former)).rejects.toMatchObject(mismatch)
      former = to
    })
  })
}
