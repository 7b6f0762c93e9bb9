import { parseDocument } from '../../documents/parse-document.ts'
import type { ChangedFile } from './changed.ts'
import type { Sample } from './samples.ts'

/** The codes by which a reader may refuse. */
const refusals = new Set(['document-empty', 'document-unread', 'document-binary', 'document-broken', 'document-encrypted', 'document-too-large'])

/** What is wrong with how a file was read: undefined where it was refused by name, or all that was in it came out. */
export async function problemWith({ name, bytes }: Pick<ChangedFile, 'name' | 'bytes'>, expected: readonly string[]): Promise<string | undefined> {
  try {
    const { chunks, unread } = await parseDocument({ name, bytes })
    if (chunks.length === 0) return 'read as nothing, without a word'
    const text = chunks.map((chunk) => `${chunk.heading ?? ''}\n${chunk.text}`).join('\n')
    const lost = expected.filter((word) => !text.includes(word))
    return lost.length === 0 || unread !== undefined ? undefined : `lost without a word: ${lost.join(', ')}`
  } catch (error) {
    const { code } = error as { code?: string }
    return code !== undefined && refusals.has(code) ? undefined : `failed with ${code ?? String(error)}`
  }
}

/** What has to come out of a file that is changed, or wrongly named: whatever can be told from outside its reader. */
export function expectedOf({ kind, words, bytes: whole }: Sample, bytes: Uint8Array): readonly string[] {
  if (kind === 'checked') return words
  if (kind !== 'lines' && bytes !== whole) return []
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  // Beside a letter beyond ASCII a word may be half of another one, in a set of two bytes for a character; beside a sign of a terminal, part of it.
  return words.filter((word) => new RegExp(`(?<![\\x80-\\xff\\x1b])${word}(?![\\x80-\\xff\\x08])`).test(text))
}
