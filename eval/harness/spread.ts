import type { Row, ScoreName } from './question.ts'

/** Mean of the runs' means, and how far apart the runs are. */
export interface Spread {
  readonly mean: number
  readonly least: number
  readonly most: number
  /** Questions of all runs together. */
  readonly questions: number
}

export function spreadOf(rows: readonly Row[], score: ScoreName): Spread {
  const runs = [...new Set(rows.map(({ run }) => run))]
  const means = runs.map((run) => mean(rows.filter((row) => row.run === run).map(({ scores }) => scores[score] ?? 0)))
  return { mean: mean(means), least: Math.min(...means), most: Math.max(...means), questions: rows.length }
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Rows by a key, in the order in which the keys first come. */
export function grouped<Of, Key>(rows: readonly Of[], keyOf: (row: Of) => Key): Map<Key, Of[]> {
  const groups = new Map<Key, Of[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}
