import { setTimeout } from 'node:timers/promises'

/** How long what follows the reason of an answer's end (its usage, `[DONE]`) is waited for, each time. */
const lastWaitMs = 5_000

export interface ReadBytes {
  readonly bytes: AsyncIterable<Uint8Array>
  /** There was an event: what has come, and what comes, is no whole answer and need not be kept. */
  holdsEvents(): void
  /** All that has come; undefined if there was an event. */
  textWithoutEvents(): string | undefined
}

/** A body's bytes. Those before the first event are kept; once the answer is finished, more are waited for only a little. */
export function readBytes(body: ReadableStream<Uint8Array>, finished: () => boolean): ReadBytes {
  let kept: Uint8Array[] | undefined = []
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const reader = body.getReader()
    try {
      for (;;) {
        const reading = reader.read()
        const next = await (finished() ? Promise.race([reading, setTimeout(lastWaitMs, undefined, { ref: false })]) : reading)
        if (next === undefined || next.done) return
        kept?.push(next.value)
        yield next.value
      }
    } finally {
      // It may have failed, and then there is nothing to cancel.
      reader.cancel().catch(() => undefined)
    }
  }
  return {
    bytes: bytes(),
    holdsEvents: () => {
      kept = undefined
    },
    textWithoutEvents: () => kept && new TextDecoder().decode(Buffer.concat(kept)),
  }
}
