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
  'cut-temporal',
  'swallow-temporal',
  'slow-temporal',
  'cut-model',
  'swallow-model',
  'cut-mongodb',
  'swallow-mongodb',
  'cut-qdrant',
  'terminate-agent',
  'cancel-agent',
  'reset-agent',
  'delete-agent',
  'empty-temporal',
] as const
export type StrikeKind = (typeof strikeKinds)[number]

/**
 * One blow of a storm. *kill* is SIGKILL, started again after `lastsMs`; *stop* is SIGSTOP, then SIGCONT. *cut*, *swallow* and *slow* are done to
 * the network between workers and a server. *terminate*, *cancel*, *reset* and *delete* are done to an agent's workflow. *empty* kills
 * Temporal and starts it on a new file.
 */
export interface Strike {
  readonly atMs: number
  readonly kind: StrikeKind
  /** Which of several processes, networks or agents. */
  readonly target: number
  readonly lastsMs: number
  /** For what has several ways: from 0 to below 1. */
  readonly way: number
}

/** What is done, and to what. */
export const partsOf = (kind: StrikeKind): readonly [how: string, what: string] => {
  const [how = '', what = ''] = kind.split('-')
  return [how, what]
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
  'cut-temporal': { weight: 3, lasts: [300, 8_000] },
  'swallow-temporal': { weight: 1, lasts: [300, 6_000] },
  'slow-temporal': { weight: 2, lasts: [1_000, 8_000] },
  'cut-model': { weight: 2, lasts: [300, 6_000] },
  'swallow-model': { weight: 1, lasts: [300, 6_000] },
  'cut-mongodb': { weight: 2, lasts: [300, 6_000] },
  'swallow-mongodb': { weight: 1, lasts: [300, 6_000] },
  'cut-qdrant': { weight: 2, lasts: [300, 6_000] },
  'terminate-agent': { weight: 8, lasts: [0, 0] },
  'cancel-agent': { weight: 6, lasts: [0, 0] },
  'reset-agent': { weight: 12, lasts: [0, 0] },
  'delete-agent': { weight: 6, lasts: [0, 0] },
  // Once, in the middle.
  'empty-temporal': { weight: 0, lasts: [0, 4_000] },
}

const needsServers = (kind: StrikeKind): boolean => ['mongodb', 'qdrant'].includes(partsOf(kind)[1])

/** The same for the same seed. What is hit when one strike still lasts is let go by. */
export function scheduleOf(options: {
  readonly seed: number
  readonly minutes: number
  readonly workers: number
  readonly agents: number
  readonly stores: 'embedded' | 'servers'
  /** On the average, between two strikes. */
  readonly pauseMs: number
}): readonly Strike[] {
  const { seed, minutes, workers, agents, stores, pauseMs } = options
  const random = randomOf(`schedule of ${seed}`)
  const kinds = strikeKinds.filter((kind) => stores === 'servers' || !needsServers(kind))
  const total = kinds.reduce((sum, kind) => sum + rules[kind].weight, 0)
  const strikeOf = (kind: StrikeKind, atMs: number): Strike => ({
    atMs,
    kind,
    target: random.between(0, (partsOf(kind)[1] === 'agent' ? agents : workers) - 1),
    lastsMs: random.between(...rules[kind].lasts),
    way: random.next(),
  })
  const strikes: Strike[] = [strikeOf('empty-temporal', minutes * 30_000)]
  for (let atMs = random.between(1, pauseMs); atMs < minutes * 60_000; atMs += random.between(pauseMs / 5, pauseMs * 1.8)) {
    let place = random.next() * total
    strikes.push(strikeOf(kinds.find((candidate) => (place -= rules[candidate].weight) < 0) ?? 'kill-worker', Math.round(atMs)))
  }
  return strikes.sort((one, other) => one.atMs - other.atMs)
}
