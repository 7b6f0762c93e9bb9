import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { withinTime } from '../../src/model/within-time.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Settles only by its signal. */
const silent = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))

test('a request that is not answered ends after its time, also if the garbage collector ran meanwhile [recall:meaning]', async () => {
  const asked = withinTime(300, new AbortController().signal, silent)
  await sleep(50)
  collectGarbage()
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError', message: 'no answer within 300 ms' })
})

test('a request ends with what its caller gives up for, and an answer in time is that of the request [recall:meaning]', async () => {
  const leaving = new AbortController()
  const asked = withinTime(60_000, leaving.signal, silent)
  leaving.abort(new Error('the worker stops'))
  await expect(asked).rejects.toThrow('the worker stops')
  expect(await withinTime(60_000, new AbortController().signal, async () => 7)).toBe(7)
})
