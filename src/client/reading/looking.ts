/** Something that is looked for in the stores again and again, as long as anybody waits for it. */
export interface Look {
  /** When the next look is due, on the clock of `performance.now`. Infinity: nobody waits. */
  dueAt(): number
  /** Never fails: who waits is told. */
  look(): Promise<void>
}

export interface Looking {
  add(look: Look): void
  /** A look is due sooner than it said before. */
  wake(): void
}

/** A look that took longer was not slow, as a rule: the process stood still meanwhile, or a single answer was late. */
const longestRestMs = 1_000

/** How long to rest after a look, in milliseconds: so many times what it took, so that looking takes no more than its share of the time. */
export const restAfter = (tookMs: number, { least, times }: { readonly least: number; readonly times: number }): number => Math.max(least, Math.min(longestRestMs, tookMs * times))

/** Looks one after the other, each when it is due; rests while nobody waits. */
export function lookOneByOne(): Looking {
  const looks: Look[] = []
  let running = false
  let woken = (): void => undefined
  const nextAt = (): number => Math.min(...looks.map((look) => look.dueAt()))
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      woken = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async (): Promise<void> => {
    running = true
    for (let at = nextAt(); at < Infinity; at = nextAt()) {
      const left = at - performance.now()
      if (left > 0) await pause(left)
      for (const look of looks) if (look.dueAt() <= performance.now()) await look.look()
    }
    running = false
  }
  return {
    add: (look) => looks.push(look),
    wake: () => {
      if (running) woken()
      else void run()
    },
  }
}
