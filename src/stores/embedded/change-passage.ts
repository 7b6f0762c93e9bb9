import type { EmbeddingSpace, Passage } from '../archival.ts'
import { bodyOf, numberOf } from './columns.ts'
import { assertVector, blobOf, claimSpace } from './embedding-space.ts'
import { indexPassage } from './index-passage.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { termsOf } from './terms.ts'

export function passageUnder(database: EmbeddedDatabase, agentId: string, op: string): Passage | undefined {
  const row = database.row('SELECT body FROM passage WHERE agent = ? AND op = ?', agentId, op)
  return row && (bodyOf(row) as Passage)
}

/** Within a transaction. A vector of another model that is being made for the former text is dropped, and made anew. */
export function editPassage(database: EmbeddedDatabase, { passage, vector }: { readonly passage: Passage; readonly vector: readonly number[] }, space: EmbeddingSpace): boolean {
  assertVector(vector, space)
  const { agentId, op, tags, edits = [] } = passage
  const row = database.row('SELECT id, body FROM passage WHERE agent = ? AND op = ?', agentId, op)
  if (row === undefined) return false
  const before = bodyOf(row) as Passage
  if (before.supersededBy !== undefined || (before.edits ?? []).length + 1 !== edits.length) return false
  const { column, spare } = claimSpace(database, space)
  const id = numberOf(row, 'id')
  database.run(`UPDATE passage SET tags = ?, ${column} = ?, ${spare} = x'', body = ? WHERE id = ?`, JSON.stringify(tags), blobOf(vector), JSON.stringify(passage), id)
  database.run('DELETE FROM passage_words WHERE rowid = ?', id)
  indexPassage(database, id, termsOf(agentId, passage.text))
  return true
}

/** Within a transaction. */
export function supersedePassage(database: EmbeddedDatabase, agentId: string, op: string, by: string): Passage | undefined {
  const passage = passageUnder(database, agentId, op)
  if (passage === undefined || passage.supersededBy !== undefined) return passage
  const superseded: Passage = { ...passage, supersededBy: by }
  database.run('UPDATE passage SET superseded = 1, body = ? WHERE agent = ? AND op = ?', JSON.stringify(superseded), agentId, op)
  return superseded
}
