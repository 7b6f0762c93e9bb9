import { describe, expect, test } from 'vitest'
import { inLane } from '../../src/client/lanes.ts'
import { recordWaiting } from '../../src/client/turn-record.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'
import type { TurnStore } from '../../src/stores/stores.ts'
import { gate } from '../support/gate.ts'

const figures = { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 }
const ended: TurnOutcome = { turn: 1, eventId: 'e', end: 'completed', replies: [], figures }

/** A store that is read as often as one waits; `answer` says what is there at each reading. */
function storeOf(answer: (reading: number) => TurnOutcome | undefined) {
  let readings = 0
  const turns: Pick<TurnStore, 'byEvent'> = { byEvent: async () => answer((readings += 1)) }
  return { wait: recordWaiting(turns as TurnStore), readings: () => readings }
}

const usual = { agentId: 'a', eventId: 'e', read: (record: TurnOutcome) => record }
const nothing = async () => undefined

describe('waiting for the record of a turn', () => {
  test('takes the record that is there at once, and reads the store less often the longer it takes [updates:bounded]', async () => {
    expect(await storeOf(() => ended).wait({ ...usual, look: nothing })).toBe(ended)
    const since = performance.now()
    const late = storeOf(() => (performance.now() - since > 600 ? ended : undefined))
    expect(await late.wait({ ...usual, look: nothing })).toBe(ended)
    expect(late.readings()).toBeLessThan(120)
  })

  test('goes on while the store is away [updates:bounded]', async () => {
    const away = storeOf((reading) => {
      if (reading < 4) throw new PerdureError('server-unavailable', 'away')
      return ended
    })
    expect(await away.wait({ ...usual, look: nothing })).toBe(ended)
  })

  test('ends with what a look finds, or fails with [updates:bounded]', async () => {
    const { wait } = storeOf(() => undefined)
    expect(await wait({ ...usual, look: async () => ended })).toBe(ended)
    await expect(wait({ ...usual, look: () => Promise.reject(new PerdureError('agent-archived', 'gone')) })).rejects.toMatchObject({ code: 'agent-archived' })
  })

  test('breaks a look off that is still on its way when the record comes, and leaves none behind [updates:bounded]', async () => {
    const looking = gate()
    let over = false
    let begun = false
    void looking.opened.then(() => (begun = true))
    const look = (signal: AbortSignal) =>
      new Promise<undefined>((resolve) => {
        looking.open()
        signal.addEventListener('abort', () => {
          over = true
          resolve(undefined)
        })
      })
    expect(await storeOf(() => (begun ? ended : undefined)).wait({ ...usual, look })).toBe(ended)
    expect(over).toBe(true)
  })

  test('ends by the signal, with its reason [updates:bounded]', async () => {
    const stop = new AbortController()
    const waited = storeOf(() => undefined).wait({ ...usual, signal: stop.signal, look: nothing })
    stop.abort(new Error('enough'))
    await expect(waited).rejects.toThrow('enough')
  })
})

test('what is asked of one agent goes a few at a time, first come first served; other agents do not wait for it [updates:bounded]', async () => {
  const owner = {}
  const begun: number[] = []
  const gates = Array.from({ length: 7 }, gate)
  const work = gates.map(({ opened }, index) =>
    inLane(owner, 'a', async () => {
      begun.push(index)
      await opened
      if (index === 1) throw new Error('this one fails')
    }),
  )
  const failed = expect(work[1]).rejects.toThrow('fails')
  expect(begun).toEqual([0, 1, 2, 3])
  await inLane(owner, 'b', nothing)
  gates[1]?.open()
  await failed
  expect(begun).toEqual([0, 1, 2, 3, 4])
  for (const each of gates) each.open()
  await Promise.allSettled(work)
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6])
})
