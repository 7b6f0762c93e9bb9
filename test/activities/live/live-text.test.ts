import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { liveTexts } from '../../../src/activities/live/live-text.ts'
import { noLiveStore, type LiveBatch, type LiveStore } from '../../../src/stores/live.ts'

const step = { agentId: 'ada', seq: 4, turn: 2, step: 1 }
/** A batch goes out within a moment, on a machine that has one. */
const patience = { timeout: 20_000, interval: 10 }
const options = { isShown: () => true, attempt: 70, repeated: false }

function kept(more: Partial<LiveStore> = {}): { readonly store: LiveStore; readonly batches: LiveBatch[]; readonly forgotten: unknown[] } {
  const batches: LiveBatch[] = []
  const forgotten: unknown[] = []
  const store: LiveStore = {
    ...noLiveStore,
    append: async (batch) => void batches.push(batch),
    forgetTurns: async (...upTo) => void forgotten.push(upTo),
    ...more,
  }
  return { store, batches, forgotten }
}
const textOf = (batches: readonly LiveBatch[]): string => batches.flatMap(({ texts }) => texts.map(({ text }) => text)).join('')
const numbersOf = (batches: readonly LiveBatch[]): readonly number[] => batches.flatMap(({ texts }) => texts.map(({ n }) => n))

describe('the text of an inference', () => {
  test('goes out in batches, all of it, numbered; an inference that is over at once writes nothing [live:text]', async () => {
    const { store, batches } = kept()
    const live = liveTexts(store)
    const quick = live.begin(step, options)
    quick.onDelta({ type: 'text', text: 'nobody sees this' })
    quick.end()
    const slow = live.begin(step, options)
    for (const text of ['one ', 'two ']) slow.onDelta({ type: 'text', text })
    await vi.waitFor(() => expect(batches).toHaveLength(1), patience)
    slow.onDelta({ type: 'text', text: 'three' })
    slow.end()
    await vi.waitFor(() => expect(textOf(batches)).toBe('one two three'), patience)
    expect(batches.map(({ batch, attempt, seq }) => [batch, attempt, seq])).toEqual([[1, 70, 4], [2, 70, 4]])
    expect(numbersOf(batches)).toEqual([1, 2])
  })

  test('is not seen before what it answers is stored [live:text live:watch]', async () => {
    const { store, batches } = kept()
    let looked = 0
    let isStored = false
    const live = liveTexts(store).begin(step, { ...options, repeated: true, mayShow: () => ((looked += 1), isStored) })
    live.onDelta({ type: 'text', text: 'one ' })
    await vi.waitUntil(() => looked > 2)
    expect(batches).toEqual([])
    isStored = true
    await vi.waitFor(() => expect(textOf(batches)).toBe('one '))
    live.onDelta({ type: 'text', text: 'two' })
    live.end()
    await vi.waitFor(() => expect(textOf(batches)).toBe('one two'))
  })

  test('is forgotten with its turn by the worker that ends it, which need not be the one that wrote it [live:text]', async () => {
    const { store, batches, forgotten } = kept()
    const [writing, ending] = [liveTexts(store), liveTexts(store)]
    const inference = writing.begin(step, options)
    inference.onDelta({ type: 'text', text: 'one' })
    await vi.waitFor(() => expect(batches).toHaveLength(1), patience)
    inference.end()
    ending.turnEnded('ada', 2)
    expect(forgotten).toEqual([['ada', 2]])
  })

  test.each([[69, 70], [70, 71], [90, 91]])('a repeated inference is told of at once, under a number above the last, %i, that the store knows [live:text]', async (latest, attempt) => {
    const { store, batches } = kept({ latestAttempt: async () => latest })
    liveTexts(store).begin(step, { ...options, repeated: true }).end()
    await vi.waitFor(() => expect(batches).toMatchObject([{ attempt, again: true, batch: 1, texts: [] }]), patience)
  })

  test('what a failing store did not take goes with a later batch; a store that never answers holds nobody [live:text]', async () => {
    let failures = 3
    const { store, batches } = kept()
    const failing: LiveStore = { ...store, append: async (batch) => ((failures -= 1) >= 0 ? Promise.reject(new Error('no room')) : store.append(batch)) }
    const inference = liveTexts(failing).begin(step, options)
    for (const text of ['one ', 'two ', 'three']) {
      inference.onDelta({ type: 'text', text })
      await sleep(60)
    }
    await vi.waitFor(() => expect(textOf(batches)).toBe('one two three'), patience)
    expect(numbersOf(batches)).toEqual(numbersOf(batches).map((_, index) => index + 1))
    inference.end()

    const silent = liveTexts({ ...store, append: () => new Promise(() => undefined) }).begin(step, { ...options, repeated: true })
    silent.onDelta({ type: 'text', text: 'x' })
    // It returns, and that is all that is asked of it.
    silent.end()
  })
})
