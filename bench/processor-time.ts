import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** CPU that a process has taken, milliseconds; 0 where /proc does not tell. */
export function processorMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Behind the name, which may have anything in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
  } catch {
    return 0
  }
}

/** Of all processes in whose command line that text stands; empty where /proc does not tell. */
export function processesOf(text: string): readonly number[] {
  const ids = processIds().filter((pid) => pid !== process.pid)
  return ids.filter((pid) => commandLineOf(pid).includes(text))
}

export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
