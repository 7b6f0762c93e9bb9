import { types } from 'node:util'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageOf, type MessageForm } from '../message-form.ts'
import type { SqlRow } from './sql.ts'

export function textOf(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw new Error(`column ${column} holds ${typeof value} where text was expected`)
}

export function numberOf(row: SqlRow, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw new Error(`column ${column} holds ${typeof value} where a number was expected`)
}

export function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value: unknown = row[column]
  // The driver gives the bare memory, whatever its types say.
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value)
  if (types.isUint8Array(value)) return value
  throw new Error(`column ${column} holds ${typeof value} where bytes were expected`)
}

/** The thing that a row keeps whole, as JSON. Its type is the table's: nothing but our own code has put it there. */
export const bodyOf = (row: SqlRow): unknown => JSON.parse(textOf(row, 'body'))

/** The number that a `SELECT count(*) AS total` came to. */
export const totalOf = (row: SqlRow | undefined): number => (row === undefined ? 0 : numberOf(row, 'total'))

/** A message as inserted (`body`), and the one mark that may change later (`popped`). */
export function storedMessageOf(row: SqlRow): StoredMessage {
  const message = messageOf(bodyOf(row) as MessageForm)
  return row['popped'] === 1 ? { ...message, popped: true } : message
}
