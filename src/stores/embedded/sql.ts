/** Text with a NUL comes back cut at it, so whatever a person or a model wrote is stored as JSON, which escapes it. */
export type SqlValue = string | number | null | Uint8Array

/** A row that a statement selects, by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>

/**
 * One connection to the file. Calls are synchronous and short. Where another process holds the file they fail at once with an error that
 * `isBusy` knows, and have done nothing: whoever calls is called by `whileBusy`, which repeats it.
 */
export interface EmbeddedDatabase {
  rows(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[]
  row(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined
  /** Returns how many rows were changed. */
  run(sql: string, ...values: readonly SqlValue[]): number
  /** All of it or nothing; nobody else writes meanwhile. Not to be nested. */
  transaction<Result>(action: () => Result): Result
  close(): void
}

/** A part of a WHERE clause with the values of its placeholders. */
export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** Leaves out a condition whose value is not given. */
export const where = (sql: string, value: SqlValue | undefined): readonly Condition[] => (value === undefined ? [] : [{ sql, values: [value] }])

export const allOf = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.map((condition) => condition.sql).join(' AND '),
  values: conditions.flatMap((condition) => condition.values),
})
