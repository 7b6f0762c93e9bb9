import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import Libsql from 'libsql'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { isBusy } from './busy.ts'
import { createPrivately } from './file-mode.ts'
import type { EmbeddedDatabase } from './sql.ts'

export const copyOf = (file: string, schema: number): string => `${file}.schema-${schema}`

/**
 * Puts a copy of the file beside it, named by its version: whole, or not at all. Undefined where another process has migrated the file
 * meanwhile, and so has made the copy.
 * @throws PerdureError `file-unreadable` where there is no room for it, say
 */
export function keepCopy(database: EmbeddedDatabase, file: string, schema: number): string | undefined {
  const copy = copyOf(file, schema)
  const draft = `${copy}.${process.pid}.draft`
  try {
    rmSync(draft, { force: true })
    createPrivately(draft)
    database.rows('VACUUM INTO ?', draft)
    if (versionOf(draft) !== schema) return undefined
    chmodSync(draft, statSync(file).mode)
    syncToDisk(draft)
    renameSync(draft, copy)
    return copy
  } catch (error) {
    if (isBusy(error)) throw error
    throw new PerdureError(
      'file-unreadable',
      `the memory file ${file} is of an earlier version and can't be copied to ${copy} before it is brought up to date: ${messageOf(error)}; make room there. It was left as it is`,
      { cause: error },
    )
  } finally {
    rmSync(draft, { force: true })
  }
}

function versionOf(file: string): number | undefined {
  const database = new Libsql(file)
  try {
    const [row] = database.prepare('PRAGMA user_version').all([]) as { user_version?: number }[]
    return row?.user_version
  } finally {
    database.close()
  }
}

function syncToDisk(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
