/** So many ask again in a second, of all that wait. */
const asksASecond = 10
/** Seconds. */
const [shortestPause, longestPause] = [1, 300]
/** Who has not asked again by so much after its pause waits no longer. Milliseconds. */
const lateMs = 5_000
/** For so long it is known when somebody had a turn last. Milliseconds. */
const knownMs = 600_000

interface Known {
  /** When it had its last turn, epoch milliseconds; 0 for never. */
  readonly servedAt: number
  /** Until when it waits, epoch milliseconds; 0: it does not. */
  readonly waitsUntil: number
}

/**
 * Gives turns to those who ask again and again, none of whom may be held here: a turn goes to whoever asks first of those whose last turn is longest
 * ago. So one who has much to do does not keep others waiting for all of it. The more wait the more seldom each asks, at moments that chance spreads.
 */
export class WaitingLine {
  readonly #known = new Map<string, Known>()
  readonly #random: () => number

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /**
   * @param isFree whether nobody has a turn
   * @param now epoch milliseconds
   * @returns undefined: it is the asker's turn. Else after how many milliseconds it is to ask again
   */
  ask(asker: string, isFree: boolean, now = Date.now()): number | undefined {
    for (const [name, { servedAt, waitsUntil }] of this.#known) if (Math.max(servedAt + knownMs, waitsUntil) < now) this.#known.delete(name)
    const { servedAt = 0 } = this.#known.get(asker) ?? {}
    const others = [...this.#known].filter(([name, { waitsUntil }]) => name !== asker && waitsUntil >= now)
    if (isFree && others.every(([, other]) => other.servedAt >= servedAt)) {
      this.#known.set(asker, { servedAt: now, waitsUntil: 0 })
      return undefined
    }
    const pause = Math.min(longestPause, Math.max(shortestPause, (others.length + 1) / asksASecond))
    const pauseMs = Math.ceil(pause * 1_000 * (0.5 + this.#random()))
    this.#known.set(asker, { servedAt, waitsUntil: now + pauseMs + lateMs })
    return pauseMs
  }
}
