import { existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '../../../protocol/errors.ts'
import { failure, ok, warning, type Check, type Finding } from '../check.ts'

const megabyte = 1024 * 1024
const least = 100 * megabyte
const comfortable = 1024 * megabyte

export const homeFolder: Check = {
  name: 'home folder',
  settings: ['PERDURE_HOME'],
  failure: 'usage',
  run: async ({ config: { home } }) => {
    const present = nearest(home)
    const writable = writes(present)
    if (writable !== undefined) return [failure(`${home} can't be written to: ${writable}`, 'give this user the right to, or name another folder by PERDURE_HOME')]
    const { bavail, bsize } = await statfs(present)
    return [ok(present === home ? home : `${home} is made at the first start`), disk(bavail * bsize), ...(present === home ? permissions(home) : [])]
  },
}

export function disk(free: number): Finding {
  const found = free >= comfortable ? `${(free / comfortable).toFixed(0)} GB free` : `${(free / megabyte).toFixed(0)} MB free`
  if (free < least) return failure(found, 'make room: a full disk stops every agent', 'disk')
  return free < comfortable ? warning(found, 'make room soon', 'disk') : ok(found, 'disk')
}

function permissions(home: string): Finding[] {
  const readable = [home, ...['memory.db', 'temporal.db'].map((name) => join(home, name)).filter(existsSync)]
  const mode = statSync(home).mode
  if (process.platform === 'win32' || (mode & 0o077) === 0) return []
  return [warning(`others on this machine can enter it (${(mode & 0o777).toString(8)}): ${readable.join(', ')}`, `chmod 700 ${home}`, 'permissions')]
}

/** The folder itself, or the nearest one above that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

/** Why not; undefined where it can be written to. Tried, as rights alone do not tell of a read-only file system. */
function writes(folder: string): string | undefined {
  try {
    rmdirSync(mkdtempSync(join(folder, '.perdure-doctor-')))
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
