import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openDatabase } from '../../../src/stores/embedded/database.ts'
import type { EmbeddedDatabase } from '../../../src/stores/embedded/sql.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export interface OwnDatabase {
  readonly database: EmbeddedDatabase
  /** Where it lies, and others may. */
  readonly folder: string
}

/** A memory file for all tests of a test file. @returns what gives it to them */
export function ownDatabase(): () => OwnDatabase {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let database: EmbeddedDatabase
  beforeAll(async () => {
    folder = await temporaryFolder()
    database = await openDatabase(join(folder.path, 'memory.db'))
  })
  afterAll(async () => {
    database.close()
    await folder.remove()
  })
  return () => ({ database, folder: folder.path })
}
