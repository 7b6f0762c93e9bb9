import type { Checkpoint, CheckpointStore } from '../checkpoints.ts'
import { bodyOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedCheckpoints(database: EmbeddedDatabase): CheckpointStore {
  return {
    put: async (checkpoint) => {
      const put = 'INSERT INTO checkpoint (agent, name, body) VALUES (?, ?, ?) ON CONFLICT (agent, name) DO UPDATE SET body = excluded.body'
      database.run(put, checkpoint.agentId, checkpoint.name, JSON.stringify(checkpoint))
    },
    get: async (agentId, name) => {
      const row = database.row('SELECT body FROM checkpoint WHERE agent = ? AND name = ?', agentId, name)
      return row && (bodyOf(row) as Checkpoint)
    },
    list: async (agentId) =>
      database
        .rows('SELECT body FROM checkpoint WHERE agent = ? ORDER BY name', agentId)
        .map((row) => bodyOf(row) as Checkpoint)
        .map(({ name, at }) => ({ name, at })),
  }
}
