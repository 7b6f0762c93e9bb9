import { setTimeout as sleep } from 'node:timers/promises'
import { problemOf } from '../problem.ts'
import { nativeWire, serverSentText, type ServerSent, type Wire } from './server-sent.ts'

export interface Pace {
  /** A comment goes out after so long without an event, so that no proxy takes the connection for dead. */
  readonly keepAliveMs: number
  /** Then the stream ends, and its reader goes on by a new one. */
  readonly longestMs: number
  /** A reader that takes nothing for so long is cut off. */
  readonly stalledMs: number
}

/**
 * No more is given to the reader at once: a message may have megabytes, and one who takes some of them within the time that he has is not cut off, as
 * he would come again for the same message, and never have it whole.
 */
const pieceBytes = 32 * 1024

const usualPace: Pace = { keepAliveMs: 15_000, longestMs: 15 * 60_000, stalledMs: 30_000 }

export interface EventStreamOptions {
  readonly events: AsyncIterable<ServerSent>
  /** Aborted when nobody listens any more: what the events come from is to end by it. */
  readonly over: AbortController
  /** The reader has gone. */
  readonly gone: AbortSignal
  readonly stopping: AbortSignal
  /** Ends the connection of a reader that takes nothing. */
  readonly cut: () => void
  /** Told of what nobody foresaw; its reader is told only that there was something. */
  readonly onError?: (error: unknown) => void
  readonly pace?: Partial<Pace>
  /** How it is said. Default: as the native interface does. */
  readonly wire?: Wire
}

/**
 * A response that tells events as they come, and no faster than its reader takes them: what waits stays where it comes from. Whichever way
 * it ends, nothing of it is left. It says so where its reader is to come again, and tells an error.
 */
export function eventStream({ events, over, gone, stopping, cut, onError, pace, wire = nativeWire }: EventStreamOptions): Response {
  const { keepAliveMs, longestMs, stalledMs } = { ...usualPace, ...pace }
  const leave = over.signal
  const encoder = new TextEncoder()
  const iterator = events[Symbol.asyncIterator]()
  const until = performance.now() + longestMs
  let next: Promise<Told> | undefined
  /** Of what is told now, and whether it is the last. */
  let rest = new Uint8Array()
  let last = false
  let stalled: NodeJS.Timeout

  const end = (): void => {
    clearTimeout(stalled)
    over.abort()
    iterator.return?.().catch(() => undefined)
  }
  const cutOff = (): void => {
    end()
    cut()
  }
  const awaitReader = (): void => {
    stalled = setTimeout(cutOff, stalledMs).unref()
  }
  // Also for one that never begins to read.
  awaitReader()
  gone.addEventListener('abort', end, { once: true })
  if (gone.aborted) end()

  const told = (): Promise<Told> =>
    iterator.next().then(
      (result): Told => (result.done === true ? 'over' : result.value),
      (error: unknown): Told => {
        if (leave.aborted) return 'over'
        if (problemOf(error).code === 'internal') onError?.(error)
        return { ...wire.problem(error), last: true }
      },
    )

  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(wire.opening)),
    pull: async (controller) => {
      clearTimeout(stalled)
      if (leave.aborted) {
        controller.close()
        return
      }
      if (rest.length === 0) {
        next ??= told()
        const come = await firstOf(next, { keepAliveMs, until, stopping, leave, wire })
        if (come === 'over') {
          controller.close()
          end()
          return
        }
        if (come !== 'quiet') next = undefined
        last = come !== 'quiet' && come.last === true
        rest = encoder.encode(come === 'quiet' ? ': still here\n\n' : serverSentText(come))
      }
      controller.enqueue(rest.subarray(0, pieceBytes))
      rest = rest.subarray(pieceBytes)
      if (last && rest.length === 0) {
        controller.close()
        end()
      } else awaitReader()
    },
    cancel: end,
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' } })
}

type Told = (ServerSent & { readonly last?: true }) | 'over'

/** The next event, or what happens before it comes. */
async function firstOf(
  next: Promise<Told>,
  { keepAliveMs, until, stopping, leave, wire }: { readonly keepAliveMs: number; readonly until: number; readonly stopping: AbortSignal; readonly leave: AbortSignal; readonly wire: Wire },
): Promise<Told | 'quiet'> {
  const left = until - performance.now()
  const bye = (reason: 'shutting-down' | 'age'): Told => ({ ...wire.bye(reason), last: true })
  if (stopping.aborted) return bye('shutting-down')
  if (left <= 0) return bye('age')
  const waiting = new AbortController()
  try {
    return await Promise.race<Told | 'quiet'>([
      next,
      once(stopping, waiting.signal, bye('shutting-down')),
      once<Told>(leave, waiting.signal, 'over'),
      sleep<Told | 'quiet'>(Math.min(keepAliveMs, left), left <= keepAliveMs ? bye('age') : 'quiet', { signal: waiting.signal }),
    ])
  } finally {
    waiting.abort()
  }
}

/** Holds nothing of the signal once the waiting is over. */
function once<Value>(signal: AbortSignal, waiting: AbortSignal, value: Value): Promise<Value> {
  return new Promise((resolve) => (signal.aborted ? resolve(value) : signal.addEventListener('abort', () => resolve(value), { once: true, signal: waiting })))
}
