import { closeSync, fstatSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { lastLines } from './run-command.ts'

/** Above this a log is cut; its end is kept beside it as `<file>.1`. */
const maxBytes = 8 * 1024 * 1024
const keptBytes = 1024 * 1024

/**
 * Opens the log for appending, to be given to a child. A child that outlives us goes on writing, and writes its next line at the new end
 * after a truncation.
 */
export const openLog = (file: string): number => openSync(file, 'a', 0o600)

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Truncates a log that has grown too large. Lines that are written between copy and truncation are lost: this bounds the disk, and keeps no
 * archive.
 */
export function boundLog(file: string, limit = maxBytes): void {
  const size = sizeOf(file)
  if (size <= limit) return
  writeFileSync(`${file}.1`, readLog(file, Math.max(0, size - keptBytes)), { mode: 0o600 })
  truncateSync(file, 0)
}

/** The part of the log from that position on; the whole log if it was truncated meanwhile. */
export function readLog(file: string, from: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const begin = from > size ? 0 : from
    const content = Buffer.alloc(Math.min(size - begin, keptBytes))
    readSync(descriptor, content, 0, content.length, begin)
    return content
  } finally {
    closeSync(descriptor)
  }
}

/** The last lines, for an error's text. */
export function logTail(file: string, from: number, lines = 12): string {
  return sizeOf(file) === 0 ? '' : lastLines(readLog(file, from).toString('utf8'), lines)
}

/** Waits until the log holds that line after the given position. */
export async function waitForLine(file: string, line: string | readonly string[], run: { readonly logFrom: number; readonly signal: AbortSignal }): Promise<void> {
  const beginnings = [line].flat()
  const isThere = (): boolean => readLog(file, run.logFrom).toString('utf8').split('\n').some((written) => beginnings.some((beginning) => written.startsWith(beginning)))
  while (sizeOf(file) === 0 || !isThere()) {
    await sleep(50, undefined, { signal: run.signal }).catch(() => run.signal.throwIfAborted())
  }
}
