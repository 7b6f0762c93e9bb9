/** Runs in a worker thread: reads one document after the other, and gives its chunks in batches, each when the last one was taken. */
import { parentPort, resourceLimits } from 'node:worker_threads'
import type { Chunk } from '../../protocol/documents.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { readChunks } from '../parse.ts'
import { boundBuffers } from './bounded-buffers.ts'
import { outOfMemory, type FromThread, type ToThread } from './messages.ts'

/** Chunks of one message: the other side takes them in a few milliseconds. */
const batch = 100

const port = parentPort
if (port === null) throw new Error('this file runs in a worker thread only')

const say = (message: FromThread): void => port.postMessage(message)
// The libraries that read would take an error for one of the document, and go on.
boundBuffers(resourceLimits.maxOldGenerationSizeMb ?? Infinity, () => process.exit(outOfMemory))

let name = ''
let parts: Uint8Array[] = []
let taken = (): void => undefined

port.on('message', (message: ToThread) => {
  if (message.kind === 'begin') {
    name = message.name
    parts = []
  } else if (message.kind === 'part') parts.push(message.bytes)
  else if (message.kind === 'taken') taken()
  else void read()
})

async function read(): Promise<void> {
  const bytes = parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts)
  parts = []
  try {
    const { found, chunks } = await readChunks({ name, bytes })
    let full: Chunk[] = []
    for await (const chunk of chunks) {
      if (full.push(chunk) < batch) continue
      await give(full)
      full = []
    }
    if (full.length > 0) await give(full)
    say({ kind: 'done', found })
  } catch (error) {
    say(PerdureError.isInstance(error) ? { kind: 'failed', code: error.code, message: error.message } : { kind: 'failed', message: messageOf(error) })
  }
}

async function give(chunks: readonly Chunk[]): Promise<void> {
  const wasTaken = new Promise<void>((resolve) => (taken = resolve))
  say({ kind: 'chunks', chunks })
  await wasTaken
}
