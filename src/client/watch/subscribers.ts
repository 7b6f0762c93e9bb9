import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { Position } from './position.ts'

/** Events that were found at once, and where they lead. */
export interface Batch {
  readonly events: readonly TurnEvent[]
  readonly position: Position
}

/** Of one who reads too slowly no more events are kept than this; what is left out is read from the stores again. */
const mostKept = 5_000

/** What one watcher has yet to be told. */
export interface Subscriber {
  /** The next batch; waits for one. Undefined once more had come than is kept: the rest is to be read anew. */
  next(): Promise<Batch | undefined>
  put(batch: Batch): void
  /** From now on `next` throws this, after what was kept. */
  fail(error: unknown): void
  /** Nobody waits any more: it leaves nothing at the signal. */
  close(): void
}

export function subscriber(signal: AbortSignal): Subscriber {
  let kept: Batch[] = []
  let size = 0
  let overrun = false
  let failure: { readonly error: unknown } | undefined
  let wake: (() => void) | undefined
  const abandon = (): void => wake?.()
  signal.addEventListener('abort', abandon, { once: true })
  const changed = (): void => {
    wake?.()
    wake = undefined
  }
  return {
    async next() {
      for (;;) {
        signal.throwIfAborted()
        if (overrun) return undefined
        const batch = kept.shift()
        if (batch !== undefined) {
          size -= batch.events.length
          return batch
        }
        if (failure !== undefined) throw failure.error
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    put(batch) {
      size += batch.events.length
      if (size > mostKept) {
        overrun = true
        kept = []
      } else if (!overrun) kept.push(batch)
      changed()
    },
    fail(error) {
      failure = { error }
      changed()
    },
    close: () => signal.removeEventListener('abort', abandon),
  }
}
