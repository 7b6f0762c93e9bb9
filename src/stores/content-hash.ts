import { createHash } from 'node:crypto'

/**
 * The hash that identifies a content: the same bytes make the same passages, whatever the file's name. Of the name only the ending counts,
 * since the reader goes by it (`a.md` has headings, `a.txt` has none).
 */
export function contentHash(name: string, bytes: Uint8Array): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return createHash('sha256').update(`${extension}\0`).update(bytes).digest('hex').slice(0, 32)
}
