import type { Spending } from '../../protocol/cost.ts'
import { nothingSpent, type AsideCost, type AsideCostStore } from '../asides.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

/** What is inserted comes into its agent's sum by a trigger, whichever version of Perdure inserts it: a file may be open in an earlier one too. */
export function embeddedAsideCosts(database: EmbeddedDatabase): AsideCostStore {
  return {
    insert: async (cost) => {
      database.run('INSERT INTO aside_cost (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', cost.agentId, cost.id, JSON.stringify(cost))
    },
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
