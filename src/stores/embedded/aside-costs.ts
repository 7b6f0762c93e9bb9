import type { AsideCost, AsideCostStore } from '../asides.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedAsideCosts(database: EmbeddedDatabase): AsideCostStore {
  return {
    insert: async (cost) => {
      database.run('INSERT INTO aside_cost (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', cost.agentId, cost.id, JSON.stringify(cost))
    },
    list: async (agentId) => database.rows('SELECT body FROM aside_cost WHERE agent = ?', agentId).map((row) => bodyOf(row) as AsideCost),
  }
}
