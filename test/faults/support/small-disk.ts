import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../../src/protocol/errors.ts'
import type { Unavailable } from '../../servers/require-server.ts'

/** A file system of a few megabytes, in memory. */
export interface SmallDisk {
  readonly path: string
  /** Leaves not a byte. */
  fill(): void
  /** Gives back what `fill` took. */
  makeRoom(): void
  remove(): void
}

/** Needs the right to mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | Unavailable {
  const path = mkdtempSync(join(tmpdir(), 'perdure-small-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmSync(path, { recursive: true })
    return { unavailable: `no disk can be mounted here: ${messageOf(error).split('\n')[0] ?? ''}` }
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    fill: () => {
      const file = openSync(ballast, 'a')
      try {
        for (let free = freeBytes(path); free > 0; free = freeBytes(path)) writeSync(file, Buffer.alloc(Math.min(free, 65_536)))
      } finally {
        closeSync(file)
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    remove: () => {
      // Lazily: a process that is about to end may still hold a file of it.
      if (existsSync(path)) execFileSync('umount', ['-l', path], { stdio: 'pipe' })
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
