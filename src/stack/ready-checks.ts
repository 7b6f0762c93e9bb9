import { setTimeout as sleep } from 'node:timers/promises'
import { readLog, sizeOf } from './log-file.ts'

/** Waits until the log holds that line after the given position. */
export async function waitForLine(file: string, line: string, run: { readonly logFrom: number; readonly signal: AbortSignal }): Promise<void> {
  while (sizeOf(file) === 0 || !readLog(file, run.logFrom).toString('utf8').split('\n').some((written) => written.startsWith(line))) {
    await sleep(50, undefined, { signal: run.signal }).catch(() => run.signal.throwIfAborted())
  }
}
