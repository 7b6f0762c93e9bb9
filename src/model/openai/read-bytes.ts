import { setTimeout } from 'node:timers/promises'

export interface ReadBytes {
  readonly bytes: AsyncIterable<Uint8Array>
  /** There was an event: what has come, and what comes, is no whole answer and need not be kept. */
  holdsEvents(): void
  /** All that has come; undefined if there was an event. */
  textWithoutEvents(): string | undefined
}

/**
 * A body's bytes, of which those before the first event are kept.
 * @param patience  milliseconds for which the next ones are waited for, after which there are none; without end where it gives no number
 */
export function readBytes(body: ReadableStream<Uint8Array>, patience: () => number | undefined): ReadBytes {
  let kept: Uint8Array[] | undefined = []
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const reader = body.getReader()
    try {
      for (;;) {
        const most = patience()
        const next = await (most === undefined ? reader.read() : within(most, reader.read()))
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

async function within<Result>(milliseconds: number, awaited: Promise<Result>): Promise<Result | undefined> {
  const settled = new AbortController()
  try {
    return await Promise.race([awaited, setTimeout(milliseconds, undefined, { ref: false, signal: settled.signal })])
  } finally {
    settled.abort()
  }
}
