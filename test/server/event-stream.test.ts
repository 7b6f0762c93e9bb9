import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { listenAt } from '../../src/http/listen-at.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { eventStream, type Pace } from '../../src/server/streams/event-stream.ts'
import type { ServerSent } from '../../src/server/streams/server-sent.ts'

interface Streamed {
  readonly response: Response
  readonly gone: AbortController
  readonly stopping: AbortController
  readonly over: AbortController
  /** What has become of it. */
  readonly became: { returned: boolean; cut: boolean }
}

function streamed(events: (leave: AbortSignal) => AsyncGenerator<ServerSent>, pace: Partial<Pace> = {}): Streamed {
  const [gone, stopping, over] = [new AbortController(), new AbortController(), new AbortController()]
  const became = { returned: false, cut: false }
  const watched = (async function* () {
    try {
      yield* events(over.signal)
    } finally {
      became.returned = true
    }
  })()
  const response = eventStream({ events: watched, over, gone: gone.signal, stopping: stopping.signal, cut: () => (became.cut = true), pace })
  return { response, gone, stopping, over, became }
}

const until = (signal: AbortSignal): Promise<void> => new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())))
async function* quiet(leave: AbortSignal): AsyncGenerator<ServerSent> {
  await until(leave)
  yield* []
}

describe('a stream of events', () => {
  test('has each event with its id, name and JSON, for no cache and no proxy to hold back [http:stream]', async () => {
    const { response } = streamed(async function* () {
      await Promise.resolve()
      yield { id: '7' }
      yield { id: '8', event: 'message', data: { text: 'two\nlines' } }
    })
    expect([...response.headers]).toEqual([['cache-control', 'no-cache, no-transform'], ['content-type', 'text/event-stream'], ['x-accel-buffering', 'no']])
    expect(await response.text()).toBe('retry: 2000\n\nid: 7\n\nid: 8\nevent: message\ndata: {"text":"two\\nlines"}\n\n')
  })

  test('tells an error as a problem, and ends [http:stream]', async () => {
    const { response } = streamed(async function* () {
      await Promise.resolve()
      yield { event: 'step' }
      throw new PerdureError('agent-unknown', 'it was deleted')
    })
    expect(await response.text()).toMatch(/event: step\n\nevent: problem\ndata: .*"code":"agent-unknown"/)
  })

  test('says that it is there while nothing happens, and after its age that one is to come again [http:stream]', async () => {
    const reader = streamed(quiet, { keepAliveMs: 5 }).response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const told = [await reader?.read(), await reader?.read(), await reader?.read()]
    expect(told.map((part) => part?.value)).toEqual(['retry: 2000\n\n', ': still here\n\n', ': still here\n\n'])
    await reader?.cancel()
    const { response, became } = streamed(quiet, { longestMs: 5 })
    expect(await response.text()).toBe('retry: 2000\n\nevent: bye\ndata: {"reason":"age"}\n\n')
    await expect.poll(() => became.returned).toBe(true)
  })

  test('ends by bye when the server stops [http:stream]', async () => {
    const { response, stopping } = streamed(quiet)
    const text = response.text()
    stopping.abort()
    expect(await text).toContain('event: bye\ndata: {"reason":"shutting-down"}')
  })

  test('leaves nothing when its reader cancels it, or has gone [http:stream]', async () => {
    const cancelled = streamed(quiet)
    const left = streamed(quiet)
    const begun = [cancelled, left].map(async ({ response }) => {
      const reader = response.body?.getReader()
      await reader?.read()
      return { reader, reading: reader?.read() }
    })
    const [first, second] = await Promise.all(begun)
    await first?.reader?.cancel()
    left.gone.abort()
    expect([await first?.reading, await second?.reading]).toMatchObject([{ done: true }, { done: true }])
    for (const { over, became } of [cancelled, left]) {
      expect(over.signal.aborted).toBe(true)
      await expect.poll(() => became.returned).toBe(true)
    }
  })

  test('tells an event that takes longer than a reader may take nothing to one who takes some of it all the while [http:stream]', async () => {
    const text = 'x'.repeat(32 * 1024 * 1024)
    const became = { cut: false }
    const server = createAdaptorServer({
      fetch: (_, { outgoing }) => {
        const events = (async function* (): AsyncGenerator<ServerSent> {
          await Promise.resolve()
          yield { event: 'message', data: text }
          yield { event: 'end' }
        })()
        const cut = (): void => {
          became.cut = true
          outgoing.destroy()
        }
        return eventStream({ events, over: new AbortController(), gone: new AbortController().signal, stopping: new AbortController().signal, cut, pace: { stalledMs: 500 } })
      },
    }) as Server
    const url = new URL(await listenAt(server, '127.0.0.1:0', 'address'))
    const socket = connect(Number(url.port), url.hostname)
    socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    let taken = 0
    // What the system holds for the reader is there at once; the rest at the reader's pace.
    for await (const piece of socket) {
      taken += (piece as Uint8Array).length
      await sleep(2)
    }
    server.close()
    expect([became.cut, taken > text.length]).toEqual([false, true])
  })

  test('is cut off if its reader never begins, as where its answer is thrown away [http:stream]', async () => {
    const { over, became } = streamed(quiet, { stalledMs: 5 })
    await until(over.signal)
    expect(became.cut).toBe(true)
  })

  test('takes no more than its reader does, and cuts off one that takes nothing [http:stream]', async () => {
    let made = 0
    const { response, over, became } = streamed(
      async function* () {
        for (;;) {
          await sleep(0)
          made += 1
          yield { event: 'step', data: made }
        }
      },
      { stalledMs: 30 },
    )
    const reader = response.body?.getReader()
    await reader?.read()
    await until(over.signal)
    expect(made).toBeLessThan(5)
    await expect.poll(() => became).toEqual({ returned: true, cut: true })
  })
})
