import type { SqlValue } from './sql.ts'

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
