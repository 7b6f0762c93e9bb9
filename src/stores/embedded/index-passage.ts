import type { EmbeddedDatabase } from './sql.ts'

/** Within the transaction that writes the passage: until its words are in, it counts as one that an earlier version wrote (`17-stems-of-passages.ts`). */
export function indexPassage(database: EmbeddedDatabase, id: number, words: string): void {
  database.run('INSERT INTO passage_words (rowid, words) VALUES (?, ?)', id, words)
  database.run('DELETE FROM passage_unstemmed WHERE id = ?', id)
}
