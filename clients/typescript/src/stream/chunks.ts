import { abortWith } from '../abort-with.ts'
import { pause } from '../pause.ts'

/** A server sends something every 15 seconds. A connection that is silent for so long is one to nobody. */
const usualSilenceMs = 45_000

/** The bytes of a body as they come. Over when the connection is, however it ended, or when the signal is aborted; then nothing of it is left. */
export async function* chunksOf(body: ReadableStream<Uint8Array>, signal: AbortSignal, silentMs = usualSilenceMs): AsyncIterable<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const next = await nextOf(reader, signal, silentMs)
      if (next === undefined) return
      yield next
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal, silentMs: number): Promise<Uint8Array | undefined> {
  const waiting = new AbortController()
  const letGo = abortWith(waiting, signal)
  try {
    // How it was cut off does not matter: the stream goes on from where it was.
    const read = reader.read().then(({ value }) => value, () => undefined)
    return await Promise.race([read, pause(silentMs, waiting.signal).then(() => undefined)])
  } finally {
    letGo()
    waiting.abort()
  }
}
