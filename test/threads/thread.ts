import { PerdureError } from '../../src/protocol/errors.ts'
import { answerCalls } from '../../src/threads/answer-calls.ts'

answerCalls(() => ({
  add: (one: number, other: number) => one + other,
  count: async (map: ReadonlyMap<string, Uint8Array>) => [...map.values()].reduce((sum, { length }) => sum + length, 0),
  refuse: () => {
    throw new PerdureError('message-too-large', 'say less', { cause: Object.assign(new Error('disk'), { code: 'SQLITE_FULL' }) })
  },
  refuseInCircles: () => {
    const error = new Error('round')
    error.cause = error
    throw error
  },
  compute: (milliseconds: number) => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  },
  wait: () => new Promise(() => undefined),
  unclonable: () => () => undefined,
}))
