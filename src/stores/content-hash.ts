import { createHash } from 'node:crypto'
import { setImmediate as afterOthers } from 'node:timers/promises'

/**
 * The hash that identifies a content: the same bytes make the same passages, whatever the file's name. Of the name only the ending counts,
 * since the reader goes by it (`a.md` has headings, `a.txt` has none).
 */
export async function contentHash(name: string, bytes: Uint8Array): Promise<string> {
  const hash = contentHasher(name)
  for (let at = 0; at < bytes.length; at += slice) {
    hash.update(bytes.subarray(at, at + slice))
    await afterOthers()
  }
  return hash.digest()
}

/** Bytes that are hashed at once: a few milliseconds. */
const slice = 1024 * 1024

/** The same for a content that comes in parts. */
export function contentHasher(name: string): { readonly update: (bytes: Uint8Array) => void; readonly digest: () => string } {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const hash = createHash('sha256').update(`${extension}\0`)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex').slice(0, 32) }
}
