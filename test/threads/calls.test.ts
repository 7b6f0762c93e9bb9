import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PerdureError } from '../../src/protocol/errors.ts'
import { callsTo, type CallsTo } from '../../src/threads/calls-to.ts'
import { startThread } from '../../src/threads/start-thread.ts'

let thread: CallsTo
beforeEach(() => (thread = callsTo(startThread({ beside: import.meta.url, file: 'thread' }), (why) => new PerdureError('server-unavailable', 'it has ended', { cause: why }))))
afterEach(() => thread.end())

describe('functions of a thread', () => {
  test('are called side by side, with what can be cloned, and give what they give [scale:search]', async () => {
    expect(await Promise.all([thread.call('add', 1, 2), thread.call('count', new Map([['a', new Uint8Array(3)]])), thread.call('add', 3, 4)])).toEqual([3, 3, 7])
  })

  test('throw what they throw there: class, code and cause [scale:search]', async () => {
    const error: unknown = await thread.call('refuse').catch((thrown: unknown) => thrown)
    expect(PerdureError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ code: 'message-too-large', message: 'say less', cause: { message: 'disk', code: 'SQLITE_FULL' } })
    await expect(thread.call('refuseInCircles')).rejects.toThrow('round')
    await expect(thread.call('subtract')).rejects.toThrow('no function subtract')
  })

  test('that compute hold their own thread alone [scale:search]', async () => {
    let turns = 0
    const computing = thread.call('compute', 300)
    const ticking = setInterval(() => (turns += 1), 10)
    await computing
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(3)
  })

  test('fail by what can not be cloned, either way, and the thread goes on [scale:search]', async () => {
    await expect(thread.call('add', () => 1)).rejects.toThrow('could not be cloned')
    await expect(thread.call('unclonable')).rejects.toThrow('could not be cloned')
    expect(await thread.call('add', 1, 1)).toBe(2)
  })

  test('that are not answered when the thread ends are rejected, and so is each later call [scale:search]', async () => {
    expect(await thread.call('add', 1, 1)).toBe(2)
    const waiting = expect(thread.call('wait')).rejects.toMatchObject({ code: 'server-unavailable' })
    await thread.end()
    await waiting
    await expect(thread.call('add', 1, 1)).rejects.toMatchObject({ code: 'server-unavailable' })
  })

  test('that answer while their thread is being ended do not let the process be over before that [scale:search]', async () => {
    // The answer comes between the beginning and the end of the ending: as a thread gives it, only later.
    const script = `
      import { callsTo } from '${new URL('../../src/threads/calls-to.ts', import.meta.url).href}'
      import { startThread } from '${new URL('../../src/threads/start-thread.ts', import.meta.url).href}'
      const thread = startThread({ beside: ${JSON.stringify(import.meta.url)}, file: 'thread' })
      const calls = callsTo(thread, () => new Error('ended'))
      await calls.call('add', 1, 1)
      const ending = calls.end()
      calls.call('add', 1, 1).catch(() => undefined)
      thread.emit('message', { id: 2, result: 2 })
      await ending
      console.log('ended')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
    expect(stdout).toBe('ended\n')
  })
})
