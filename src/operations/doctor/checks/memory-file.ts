import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import Libsql from 'libsql'
import { messageOf } from '../../../protocol/errors.ts'
import { filesOf } from '../../../stores/embedded/file-mode.ts'
import { failure, ok, warning, type Check, type Finding } from '../check.ts'
import { sameSpace } from './same-space.ts'

/** A larger file would keep everything else waiting. */
const checkedUpTo = 512 * 1024 * 1024

export const memoryFile: Check = {
  name: 'memory file',
  settings: ['PERDURE_HOME', 'MONGODB_URI', 'QDRANT_URL'],
  failure: 'failure',
  applies: ({ config }) => config.stores.kind === 'embedded',
  run: ({ config: { stores, model } }) => {
    if (stores.kind !== 'embedded') return Promise.resolve([])
    const { file } = stores
    if (!existsSync(file)) return Promise.resolve([ok(`${file} is made at the first start`)])
    const { size } = statSync(file)
    // Read only: what looks at a file must neither make nor change one.
    const database = new Libsql(`${pathToFileURL(file).href}?mode=ro`)
    try {
      return Promise.resolve([ok(`${file}, ${(size / 1024 / 1024).toFixed(1)} MB`), ...permissions(file), integrity(database, file, size), ...embeddings(database, model)])
    } catch (error) {
      return Promise.resolve([failure(`${file} can't be read: ${messageOf(error)}`, restore)])
    } finally {
      database.close()
    }
  },
}

const restore = 'put a backup in its place while nothing runs; if there is none, keep the file: much of it can often be saved'

/** A start mends what it can: what is found here belongs to somebody else, or a group was let in. */
function permissions(file: string): Finding[] {
  const open = process.platform === 'win32' ? [] : filesOf(file).filter((path) => (statSync(path).mode & 0o077) !== 0)
  if (open.length === 0) return []
  return [warning(`others on this machine may read ${open.join(', ')}`, `if nobody else is meant to: chmod 600 ${open.join(' ')}`, 'permissions')]
}

function integrity(database: Libsql.Database, file: string, size: number): Finding {
  if (size > checkedUpTo) return ok(`not looked through, as it is large: sqlite3 ${file} 'PRAGMA quick_check'`, 'integrity')
  const rows = database.prepare('PRAGMA quick_check(3)').all() as { readonly quick_check: string }[]
  const said = rows.map((row) => row.quick_check)
  return said[0] === 'ok' ? ok('sound', 'integrity') : failure(`damaged: ${said.join('; ')}`, restore, 'integrity')
}

function embeddings(database: Libsql.Database, model: Parameters<typeof sameSpace>[1]): Finding[] {
  const known = database.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'embedding_space'`).all()
  if (known.length === 0) return []
  const [space] = database.prepare('SELECT model, dimensions FROM embedding_space').all() as { readonly model: string; readonly dimensions: number }[]
  if (space === undefined) return []
  return [sameSpace(space, model, 'passages', 'archival memory')]
}
