import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { nodeArgumentsFor } from '../../src/stack/own-script.ts'
import { environmentOfStack } from '../../src/stack/start-supervisor.ts'
import { giveBackOnceAtRest } from '../../src/threads/give-back.ts'

afterEach(() => vi.useRealTimers())

test('a process gives back once what loading took, when the SDK has let the bundle go and for five seconds little was made', () => {
  vi.useFakeTimers()
  const collect = vi.fn()
  giveBackOnceAtRest(collect)
  vi.advanceTimersByTime(10_000 + 2_000)
  expect(collect).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(collect).toHaveBeenCalledOnce()
})

test('a process that nobody started so that it can ask for it gives back nothing, and is kept alive by nothing', () => {
  vi.useFakeTimers()
  giveBackOnceAtRest(undefined)
  expect(vi.getTimerCount()).toBe(0)
})

test('the stack starts its processes so that they give memory back, and with the size that somebody has set', () => {
  expect(nodeArgumentsFor('./supervisor')).toContain('--expose-gc')
  const config = readConfig({})
  expect(environmentOfStack(config, {})).toMatchObject({ MALLOC_MMAP_THRESHOLD_: '131072' })
  expect(environmentOfStack(config, { MALLOC_MMAP_THRESHOLD_: '1048576' })).toMatchObject({ MALLOC_MMAP_THRESHOLD_: '1048576' })
})
