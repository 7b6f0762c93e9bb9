import type { StoredMessage } from '../../protocol/messages.ts'
import { bodyOf } from './columns.ts'
import type { SqlRow } from './sql.ts'

/** A message as inserted (`body`), and the one mark that may change later (`popped`). */
export function storedMessageOf(row: SqlRow): StoredMessage {
  const message = bodyOf(row) as StoredMessage
  return row['popped'] === 1 ? { ...message, popped: true } : message
}
