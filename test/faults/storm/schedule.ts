import { randomOf } from './random.ts'

export const strikeKinds = [
  'kill-worker',
  'stop-worker',
  'kill-temporal',
  'stop-temporal',
  'kill-client',
  'stop-client',
  'kill-model',
  'kill-mongodb',
  'stop-mongodb',
  'kill-qdrant',
] as const
export type StrikeKind = (typeof strikeKinds)[number]

/** One blow of a storm. *kill* is SIGKILL, started again after `lastsMs`; *stop* is SIGSTOP, then SIGCONT. */
export interface Strike {
  readonly atMs: number
  readonly kind: StrikeKind
  /** Which of several processes. */
  readonly target: number
  readonly lastsMs: number
}

interface Rule {
  /** How often, against the others. */
  readonly weight: number
  readonly lasts: readonly [leastMs: number, mostMs: number]
}

const rules: Readonly<Record<StrikeKind, Rule>> = {
  'kill-worker': { weight: 10, lasts: [0, 3_000] },
  'stop-worker': { weight: 5, lasts: [500, 14_000] },
  'kill-temporal': { weight: 3, lasts: [0, 4_000] },
  'stop-temporal': { weight: 2, lasts: [300, 5_000] },
  'kill-client': { weight: 4, lasts: [0, 2_000] },
  'stop-client': { weight: 1, lasts: [300, 5_000] },
  'kill-model': { weight: 2, lasts: [0, 6_000] },
  'kill-mongodb': { weight: 3, lasts: [0, 8_000] },
  'stop-mongodb': { weight: 2, lasts: [300, 5_000] },
  'kill-qdrant': { weight: 3, lasts: [0, 8_000] },
}

const ofServers: readonly StrikeKind[] = ['kill-mongodb', 'stop-mongodb', 'kill-qdrant']

/** The same for the same seed. What is hit when one strike still lasts is hit all the same. */
export function scheduleOf(options: {
  readonly seed: number
  readonly minutes: number
  readonly workers: number
  readonly stores: 'embedded' | 'servers'
  /** On the average, between two strikes. */
  readonly pauseMs: number
}): readonly Strike[] {
  const { seed, minutes, workers, stores, pauseMs } = options
  const random = randomOf(`schedule of ${seed}`)
  const kinds = strikeKinds.filter((kind) => stores === 'servers' || !ofServers.includes(kind))
  const total = kinds.reduce((sum, kind) => sum + rules[kind].weight, 0)
  const strikes: Strike[] = []
  for (let atMs = random.between(1, pauseMs); atMs < minutes * 60_000; atMs += random.between(pauseMs / 5, pauseMs * 1.8)) {
    let place = random.next() * total
    const kind = kinds.find((candidate) => (place -= rules[candidate].weight) < 0) ?? 'kill-worker'
    strikes.push({ atMs: Math.round(atMs), kind, target: random.between(0, workers - 1), lastsMs: random.between(...rules[kind].lasts) })
  }
  return strikes
}
