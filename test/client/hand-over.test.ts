import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { handOver } from '../../src/client/hand-over.ts'

const places = 16
const patience = { timeout: 20_000, interval: 10 }

/** Updates of one connection, which the test answers one by one. */
function updates() {
  const connection = {}
  const begun: number[] = []
  const answers: (() => void)[] = []
  const hand = (index: number, { patienceMs = 60_000, agentId = `agent-${index}`, ...options }: { readonly signal?: AbortSignal; readonly patienceMs?: number; readonly agentId?: string } = {}): Promise<number> =>
    handOver(
      connection,
      () => {
        begun.push(index)
        return new Promise((resolve) => (answers[index] = () => resolve(index)))
      },
      { deadline: Date.now() + patienceMs, agentId, ...options },
    )
  return { begun, answers, hand }
}

describe('updates of many agents at once', () => {
  test('are handed over a few at a time, first come first served', async () => {
    const { begun, answers, hand } = updates()
    const all = Array.from({ length: places + 3 }, (_, index) => hand(index))
    await sleep(5)
    expect(begun).toEqual(Array.from({ length: places }, (_, index) => index))
    for (const index of [7, 3]) {
      answers[index]?.()
      expect(await all[index]).toBe(index)
      await sleep(5)
    }
    expect(begun.slice(places)).toEqual([places, places + 1])
    for (let index = 0; index < all.length; index += 1) {
      await vi.waitUntil(() => answers[index] !== undefined, patience)
      answers[index]?.()
    }
    expect(await Promise.all(all)).toHaveLength(places + 3)
  })

  test('that nobody answers hold up the others for two seconds, and are answered in the end', async () => {
    const { begun, answers, hand } = updates()
    const stuck = Array.from({ length: places }, (_, index) => hand(index))
    const next = hand(places)
    await sleep(100)
    expect(begun).toHaveLength(places)
    await vi.waitUntil(() => begun.length > places, { timeout: 5_000 })
    answers[places]?.()
    expect(await next).toBe(places)
    for (const answer of answers) answer()
    expect(await Promise.all(stuck)).toHaveLength(places)
  })

  test('take no place from others a second time while nobody answers their agent, and take theirs again once it is answered', async () => {
    const { begun, answers, hand } = updates()
    const stuck = Array.from({ length: places }, (_, index) => hand(index, { agentId: 'stuck' }))
    await vi.waitUntil(() => begun.length === places, patience)
    const next = hand(places)
    await vi.waitUntil(() => begun.length > places, { timeout: 5_000 })
    answers[places]?.()
    await next
    const more = Array.from({ length: places }, (_, index) => hand(100 + index, { agentId: 'stuck' }))
    const healthy = hand(200)
    await sleep(5)
    expect(begun).toContain(115)
    expect(begun).toContain(200)
    for (const answer of answers) (answer as (() => void) | undefined)?.()
    await Promise.all([...stuck, ...more, healthy])
    const again = Array.from({ length: places + 1 }, (_, index) => hand(300 + index, { agentId: 'stuck' }))
    await sleep(5)
    expect(begun).toContain(315)
    expect(begun).not.toContain(316)
    for (let index = 300; index <= 300 + places; index += 1) {
      await vi.waitUntil(() => answers[index] !== undefined, patience)
      answers[index]?.()
    }
    await Promise.all(again)
  })

  test('whose time is over before they wait are given at once', async () => {
    const { begun, answers, hand } = updates()
    const all = Array.from({ length: places }, (_, index) => hand(index))
    for (const [index, patienceMs] of [0, -1.5, NaN].entries()) void hand(100 + index, { patienceMs })
    await sleep(5)
    expect(begun.slice(places)).toEqual([100, 101, 102])
    for (const answer of answers) (answer as (() => void) | undefined)?.()
    await Promise.all(all)
  })

  test('wait for a place no longer than their senders wait, and leave when these go', async () => {
    const { begun, answers, hand } = updates()
    const stuck = Array.from({ length: places }, (_, index) => hand(index))
    const gone = new AbortController()
    const left = hand(places, { signal: gone.signal })
    gone.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    void hand(places + 1, { patienceMs: 50.5 })
    await sleep(150)
    expect(begun.slice(places)).toEqual([places + 1])
    for (const answer of answers) (answer as (() => void) | undefined)?.()
    await Promise.all(stuck)
  })

  test('of another connection have places of their own', async () => {
    const [one, other] = [updates(), updates()]
    for (let index = 0; index <= places; index += 1) void one.hand(index)
    void other.hand(0)
    await sleep(5)
    expect(other.begun).toEqual([0])
    for (const { answers } of [one, other]) for (const answer of answers) answer()
  })
})
