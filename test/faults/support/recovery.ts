import { appendFileSync } from 'node:fs'

/** Who goes on after a worker that dies: another one that runs already, or one that is started then. */
export const successors = ['stands by', 'is started'] as const
export type Successor = (typeof successors)[number]

/** When a world was hit, epoch milliseconds. */
export class Strikes {
  readonly #at: number[] = []

  /** To be called as the fault happens; the deaths of workers are noted by themselves. */
  strike(): void {
    this.#at.push(Date.now())
  }

  /**
   * Seconds from a fault until the first turn after it has ended; of several, the longest. A fault that another one followed
   * before a turn ended begins the wait. Undefined where no turn ended after a fault.
   */
  recovery(turnEnds: readonly number[]): number | undefined {
    const waits = this.#at.flatMap((struck) => {
      const after = turnEnds.filter((end) => end > struck)
      return after.length === 0 ? [] : [Math.min(...after) - struck]
    })
    return waits.length === 0 ? undefined : Math.max(...waits) / 1_000
  }
}

export interface Recovered {
  readonly row: string
  readonly successor: Successor | undefined
  readonly seconds: number
}

/** For `npm run faults:measure`, which names the file; otherwise nothing is written. */
export function recordRecovery(recovered: Recovered): void {
  const file = process.env['RECORD_RECOVERY']
  if (file !== undefined && file !== '') appendFileSync(file, `${JSON.stringify(recovered)}\n`)
}
