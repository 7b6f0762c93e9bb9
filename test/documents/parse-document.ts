import type { Found } from '../../src/documents/found.ts'
import { readChunks, type File } from '../../src/documents/parse.ts'
import type { Chunk } from '../../src/protocol/documents.ts'

/** All of a document at once, read in this thread, without the bounds that a worker has. */
export async function parseDocument(file: File): Promise<Found & { readonly chunks: readonly Chunk[] }> {
  const { found, chunks } = await readChunks(file)
  const all: Chunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return { ...found, chunks: all }
}

/** Its text alone. */
export async function textIn(name: string, content: string | Uint8Array): Promise<string> {
  return (await parseDocument({ name, bytes: Buffer.from(content) })).chunks.map(({ text }) => text).join('\n')
}
