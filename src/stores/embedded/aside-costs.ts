import type { Spending } from '../../protocol/cost.ts'
import { nothingSpent, type AsideCost, type AsideCostStore } from '../asides.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

export function embeddedAsideCosts(database: EmbeddedDatabase): AsideCostStore {
  const add = ({ agentId, usage }: AsideCost): void => {
    const { promptTokens, cachedTokens, completionTokens, costMicros } = usage
    database.run(
      `INSERT INTO aside_sum (agent, prompt, cached, completion, cost, unpriced) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (agent) DO UPDATE SET prompt = prompt + excluded.prompt, cached = cached + excluded.cached, completion = completion + excluded.completion,
          cost = CASE WHEN excluded.cost IS NULL THEN cost ELSE coalesce(cost, 0) + excluded.cost END, unpriced = unpriced + excluded.unpriced`,
      agentId, promptTokens, cachedTokens, completionTokens, costMicros ?? null, costMicros === undefined ? 1 : 0,
    )
  }
  return {
    insert: async (cost) =>
      database.transaction(() => {
        const inserted = database.run('INSERT INTO aside_cost (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', cost.agentId, cost.id, JSON.stringify(cost))
        if (inserted > 0) add(cost)
      }),
    list: async (agentId) => database.rows('SELECT body FROM aside_cost WHERE agent = ?', agentId).map((row) => bodyOf(row) as AsideCost),
    spent: async (agentId) => spendingIn(database.row('SELECT * FROM aside_sum WHERE agent = ?', agentId)),
  }
}

function spendingIn(row: SqlRow | undefined): Readonly<Spending> {
  if (row === undefined) return nothingSpent
  const { prompt, cached, completion, cost, unpriced } = row
  return {
    promptTokens: Number(prompt),
    cachedTokens: Number(cached),
    completionTokens: Number(completion),
    ...(cost !== null && { costMicros: Number(cost) }),
    ...(Number(unpriced) > 0 && { unpriced: Number(unpriced) }),
  }
}
