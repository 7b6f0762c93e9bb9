import { screenSize } from './screen-size.ts'

/** Told while something takes its time: what it is, and for how many seconds it has been going on. */
export type OnProgress = (what: string, seconds: number) => void

export interface ProgressLine {
  readonly update: OnProgress
  /** Clears the status line, where there is one. */
  done(): void
}

/** Seconds between two lines about the same thing where lines can't be overwritten. */
const sparse = 15

/** Shows progress: one line that changes on a terminal that can move its cursor, few lines elsewhere. */
export function progressLine(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): ProgressLine {
  const overwrites = stream.isTTY && env['TERM'] !== 'dumb'
  let shown = { what: '', seconds: 0 }
  let open = false
  let current = ''
  return {
    update: (what, seconds) => {
      const line = seconds < 2 ? what : `${what} (${seconds} s)`
      if (overwrites) {
        if (open && line === current) return
        current = line
        stream.write(`\r\x1b[2K${line.slice(0, Math.max(20, screenSize(stream).columns - 1))}`)
        open = true
      } else if (what !== shown.what || seconds - shown.seconds >= sparse) {
        stream.write(`${line}\n`)
        shown = { what, seconds }
      }
    },
    done: () => {
      if (open) stream.write('\r\x1b[2K')
      open = false
    },
  }
}

/** Reports `what` now and every second until the work is done. */
export async function whileReporting<Result>(what: string, onProgress: OnProgress, work: () => Promise<Result>): Promise<Result> {
  const begin = performance.now()
  onProgress(what, 0)
  const timer = setInterval(() => onProgress(what, Math.round((performance.now() - begin) / 1_000)), 1_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
