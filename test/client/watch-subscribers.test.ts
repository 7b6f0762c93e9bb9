import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { subscriber } from '../../src/client/watch/subscribers.ts'

describe('whoever watches', () => {
  test('leaves nothing at the signal of the watching, however often it begins anew [live:watch]', async () => {
    const { signal } = new AbortController()
    for (let times = 0; times < 20; times += 1) {
      const mine = subscriber(signal)
      mine.put({ events: [], position: { seq: times, turn: 0, ended: true } })
      expect((await mine.next())?.position.seq).toBe(times)
      mine.close()
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
