import { describe, expect, test } from 'vitest'
import { inLane } from '../../src/client/lanes.ts'
import { lookOneByOne } from '../../src/client/reading/looking.ts'
import { recordsOf } from '../../src/client/reading/records.ts'
import { recordWaiting } from '../../src/client/turn-record.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'
import type { TurnStore } from '../../src/stores/turns.ts'
import { gate } from '../support/gate.ts'
import { leftAt } from '../support/left-at.ts'

const figures = { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 }
const ended: TurnOutcome = { turn: 1, eventId: 'e', end: 'completed', replies: [], figures }

/** A store that is read as often as one waits; `answer` says what is there at each reading. */
function storeOf(answer: (reading: number, eventId: string) => TurnOutcome | undefined) {
  const readings: number[] = []
  const recorded = (agentId: string, eventId: string) => {
    const outcome = answer(readings.length, eventId)
    return outcome === undefined ? [] : [{ agentId, outcome }]
  }
  const turns: Pick<TurnStore, 'byEvent' | 'ofEvents'> = {
    byEvent: async (agentId, eventId) => recorded(agentId, eventId)[0]?.outcome,
    ofEvents: async (events) => {
      readings.push(events.length)
      return events.flatMap(({ agentId, eventId }) => recorded(agentId, eventId))
    },
  }
  return { wait: recordWaiting(recordsOf(turns, lookOneByOne()), turns), readings: () => readings.length, asked: () => readings }
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

  test('is one question for all who wait, and each has its own answer [updates:bounded]', async () => {
    const { wait, readings, asked } = storeOf((reading, eventId) => (reading > 10 ? { ...ended, eventId } : undefined))
    const events = Array.from({ length: 500 }, (_, index) => `event-${index}`)
    const found = await Promise.all(events.map((eventId) => wait({ ...usual, eventId, look: nothing })))
    expect(found.map(({ eventId }) => eventId)).toEqual(events)
    expect(readings()).toBeLessThan(50)
    expect(Math.max(...asked())).toBeGreaterThan(100)
  })

  test("fails for whoever's own record can't be read, and for nobody else [updates:bounded]", async () => {
    const { wait } = storeOf((reading, eventId) => {
      if (eventId === 'event-3') throw new PerdureError('schema-newer', 'written by a newer version')
      return reading > 5 ? { ...ended, eventId } : undefined
    })
    const events = Array.from({ length: 6 }, (_, index) => `event-${index}`)
    const found = await Promise.allSettled(events.map((eventId) => wait({ ...usual, eventId, look: nothing })))
    expect(found.map(({ status }) => status)).toEqual(events.map((id) => (id === 'event-3' ? 'rejected' : 'fulfilled')))
    expect(found[3]).toMatchObject({ reason: { code: 'schema-newer' } })
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

  test('leaves nothing at the caller\'s signal, nor at one that lasts as long as the waiting [updates:bounded]', async () => {
    const stop = new AbortController()
    const looked: AbortSignal[] = []
    const look = async (signal: AbortSignal) => {
      looked.push(signal)
      // As the SDK of Temporal does for every question, and for ever.
      signal.addEventListener('abort', () => undefined)
      return looked.length === 2 ? ended : undefined
    }
    await storeOf(() => undefined).wait({ ...usual, signal: stop.signal, look })
    expect(new Set(looked).size).toBe(2)
    expect(leftAt(stop.signal)).toEqual([])
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
