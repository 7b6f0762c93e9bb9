import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QueueEntry } from '../../src/protocol/context.ts'
import { chunkToEvict, lastExchange, rangesOf, tokensOf, without } from '../../src/workflows/agent/queue.ts'

const event = (seq: number, tokens = 10, turn = 1): QueueEntry => [seq, tokens, turn, 0]
const result = (seq: number, tokens = 10, turn = 1): QueueEntry => [seq, tokens, turn, 1]

/** Event, then steps of one assistant message and some results: what a queue is made of. */
const queues = fc
  .array(fc.record({ results: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }), tokens: fc.integer({ min: 1, max: 50 }) }), { maxLength: 20 })
  .map((steps) => {
    let seq = 0
    return steps.flatMap(({ results, tokens }, turn) => [event(++seq, tokens, turn), ...results.map((size) => result(++seq, size, turn))])
  })

describe('a queue is named in a few bytes', () => {
  test('neighbours share a range, gaps part them [history:references]', () => {
    expect(rangesOf([event(1), event(2), result(3), event(7), event(8)])).toEqual([
      [1, 3],
      [7, 8],
    ])
    expect(rangesOf([])).toEqual([])
  })

  test('ranges name exactly the entries, whatever the queue [history:references]', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const named = rangesOf(queue).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
        expect(named).toEqual(queue.map(([seq]) => seq))
      }),
    )
  })
})

describe('a chunk is evicted whole', () => {
  test('a call is never parted from its results [pressure:flush step:pairing]', () => {
    const queue = [event(1), event(2), result(3), result(4), event(5), event(6)]
    expect(chunkToEvict({ queue, tokens: 15, pinned: [] }).map(([seq]) => seq)).toEqual([1, 2, 3, 4])
  })

  test('what stays never begins with a result, whatever the queue and the amount [pressure:flush step:pairing]', () => {
    fc.assert(
      fc.property(queues, fc.integer({ min: 0, max: 500 }), (queue, tokens) => {
        const gone = chunkToEvict({ queue, tokens, pinned: [] })
        const rest = without(queue, gone)
        expect([...gone, ...rest]).toEqual(queue)
        expect(rest[0]?.[3] ?? 0).toBe(0)
        if (rest.length > 0 && gone.length > 0 && rest.filter((entry) => entry[3] === 0).length > 1) expect(tokensOf(gone)).toBeGreaterThanOrEqual(tokens)
      }),
    )
  })

  test('the event of the running turn and the newest step stay [pressure:flush]', () => {
    const queue = [event(1), event(2), result(3), event(4), result(5)]
    expect(chunkToEvict({ queue, tokens: 1_000, pinned: [1] }).map(([seq]) => seq)).toEqual([2, 3])
  })

  test('nothing is evicted from a queue of one step [pressure:flush]', () => {
    expect(chunkToEvict({ queue: [event(1), result(2)], tokens: 1_000, pinned: [] })).toEqual([])
  })
})

describe('the last exchange', () => {
  test('is all that the latest turn has put into the queue [cli:chat]', () => {
    const queue = [event(1, 10, 1), event(2, 10, 1), event(3, 10, 2), event(4, 10, 2), result(5, 10, 2)]
    expect(lastExchange(queue).map(([seq]) => seq)).toEqual([3, 4, 5])
    expect(lastExchange([])).toEqual([])
  })
})
