import type { Claim, ClaimStore, ToolOutcome } from '../claims.ts'
import { textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedClaims(database: EmbeddedDatabase): ClaimStore {
  const find = (agentId: string, op: string): Claim | undefined => {
    const row = database.row('SELECT owner, outcome FROM claim WHERE agent = ? AND op = ?', agentId, op)
    if (row === undefined) return undefined
    const outcome = typeof row['outcome'] === 'string' ? { outcome: JSON.parse(row['outcome']) as ToolOutcome } : {}
    return { agentId, op, owner: textOf(row, 'owner'), ...outcome }
  }
  return {
    claim: async (claim) => {
      const outcome = claim.outcome === undefined ? null : JSON.stringify(claim.outcome)
      const insert = 'INSERT INTO claim (agent, op, owner, outcome) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
      const inserted = database.run(insert, claim.agentId, claim.op, claim.owner, outcome)
      return inserted === 1 ? claim : (find(claim.agentId, claim.op) ?? claim)
    },
    get: async (agentId, op) => find(agentId, op),
    setOutcome: async (claim) => {
      const set = `INSERT INTO claim (agent, op, owner, outcome) VALUES (?, ?, ?, ?)
        ON CONFLICT (agent, op) DO UPDATE SET outcome = excluded.outcome WHERE claim.outcome IS NULL`
      database.run(set, claim.agentId, claim.op, claim.owner, JSON.stringify(claim.outcome))
      return find(claim.agentId, claim.op) ?? claim
    },
  }
}
