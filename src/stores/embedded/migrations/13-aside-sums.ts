import type { Migration } from '../../migration.ts'

/** The sum of what asides have cost was made of all of them whenever it was asked for. */
export const asideSums: Migration<string> = {
  to: 13,
  describe: 'what the asides of each agent have cost together',
  steps: [
    'CREATE TABLE aside_sum (agent TEXT PRIMARY KEY, prompt INTEGER NOT NULL, cached INTEGER NOT NULL, completion INTEGER NOT NULL, cost INTEGER, unpriced INTEGER NOT NULL) WITHOUT ROWID',
    // A sum of nothing but nulls is null: no price was known.
    `INSERT INTO aside_sum (agent, prompt, cached, completion, cost, unpriced)
      SELECT agent, sum(body ->> '$.usage.promptTokens'), sum(body ->> '$.usage.cachedTokens'), sum(body ->> '$.usage.completionTokens'),
        sum(body ->> '$.usage.costMicros'), count(*) - count(body ->> '$.usage.costMicros')
      FROM aside_cost GROUP BY agent`,
  ],
}
