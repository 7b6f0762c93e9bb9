import { screenSize } from './screen-size.ts'

/** Told while something takes its time: what it is, and for how many seconds it has been going on. */
export type OnProgress = (what: string, seconds: number) => void

export interface ProgressLine {
  readonly update: OnProgress
  /** Clears the status line, where there is one; elsewhere says how far it has come, where that has not been said. */
  done(): void
}

/** Seconds between two lines about the same thing where lines can't be overwritten: of which nothing has changed, and of which more is done. */
const [sparse, counting] = [15, 5]

/** What a line is about, without how much of it is done: a folder of ten thousand files is one thing. */
const subjectOf = (what: string): string => what.replace(/ · .*$/s, '').replaceAll(/\d[\d,]*|[#-]+/g, '')

/** Shows progress: one line that changes on a terminal that can move its cursor, few lines elsewhere. */
export function progressLine(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): ProgressLine {
  const overwrites = stream.isTTY && env['TERM'] !== 'dumb'
  let shown = { what: '', seconds: 0 }
  let open = false
  let current = ''
  let unsaid: string | undefined
  return {
    update: (what, seconds) => {
      const line = seconds < 2 ? what : `${what} (${seconds} s)`
      if (overwrites) {
        if (open && line === current) return
        current = line
        stream.write(`\r\x1b[2K${line.slice(0, Math.max(20, screenSize(stream).columns - 1))}`)
        open = true
      } else if (subjectOf(what) !== subjectOf(shown.what) || seconds - shown.seconds >= (what === shown.what ? sparse : counting)) {
        stream.write(`${line}\n`)
        shown = { what, seconds }
        unsaid = undefined
      } else if (what !== shown.what) {
        unsaid = line
      }
    },
    done: () => {
      if (open) stream.write('\r\x1b[2K')
      if (unsaid !== undefined) stream.write(`${unsaid}\n`)
      unsaid = undefined
      open = false
    },
  }
}

/** Whole seconds since a moment of `performance.now()`. */
export const secondsSince = (begin: number): number => Math.round((performance.now() - begin) / 1_000)

/** Reports `what` now and every second until the work is done. */
export async function whileReporting<Result>(what: string, onProgress: OnProgress, work: () => Promise<Result>): Promise<Result> {
  const begin = performance.now()
  onProgress(what, 0)
  const timer = setInterval(() => onProgress(what, secondsSince(begin)), 1_000)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
