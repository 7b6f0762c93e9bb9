import { abortWith } from '../abort-with.ts'
import { errorOf } from '../errors.ts'
import { backoffMs, pause } from '../pause.ts'
import { chunksOf } from './chunks.ts'
import { serverSentOf, type ServerSent } from './server-sent.ts'

export interface ResumedOptions<Event> {
  /** The stream, after what was told with this id. `again`: somebody has answered before. */
  readonly open: (place: { readonly lastEventId: string | undefined; readonly again: boolean; readonly signal: AbortSignal }) => Promise<Response>
  /** What is told on by it; undefined for what is not. */
  readonly eventOf: (sent: ServerSent) => Event | undefined
  /** Whether the server has told all. */
  readonly isLast: (event: Event) => boolean
  readonly signal: AbortSignal | undefined
  /** The place from which it goes on when it is cut off. */
  readonly onPlace: (id: string) => void
  readonly onOver: () => void
}

/** A stream that was whole for so long is not one that is closed again and again. */
const wholeMs = 5_000

/**
 * A stream that goes on from where it was whenever it is cut off, at whichever server answers. It begins now, not when the first event is
 * asked for. Leaving the loop, `return()` or the signal ends it, without an error.
 */
export function resumed<Event>(options: ResumedOptions<Event>): AsyncIterableIterator<Event> {
  const leaving = new AbortController()
  const letGo = abortWith(leaving, options.signal)
  const events = telling(options, leaving, letGo)
  let first: Promise<IteratorResult<Event>> | undefined = events.next()
  first.catch(() => undefined)
  return {
    next: () => {
      const next = first ?? events.next()
      first = undefined
      return next
    },
    return: () => {
      leaving.abort()
      first = undefined
      return events.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* telling<Event>(
  { open, eventOf, isLast, onPlace, onOver }: ResumedOptions<Event>,
  leaving: AbortController,
  letGo: () => void,
): AsyncGenerator<Event, undefined> {
  const { signal } = leaving
  let lastEventId: string | undefined
  let failures = 0
  try {
    for (let again = false; ; again = true) {
      const response = await open({ lastEventId, again, signal })
      const opened = Date.now()
      let [left, told] = [false, false]
      for await (const sent of serverSentOf(chunksOf(response.body ?? new ReadableStream(), signal))) {
        if (sent.event === 'problem') throw errorOf(JSON.parse(sent.data) as Parameters<typeof errorOf>[0])
        left ||= sent.event === 'bye'
        if (sent.id !== undefined && sent.id !== lastEventId) onPlace((lastEventId = sent.id))
        const event = eventOf(sent)
        if (event === undefined) continue
        told = true
        yield event
        if (isLast(event)) return undefined
      }
      if (signal.aborted) return undefined
      failures = left || told || Date.now() - opened > wholeMs ? 0 : failures + 1
      if (!left) await pause(backoffMs(failures), signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    leaving.abort()
    letGo()
    onOver()
  }
  return undefined
}
