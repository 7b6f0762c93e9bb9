import type { PromptFrameStore } from '../prompt-frames.ts'
import { textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export function embeddedPromptFrames(database: EmbeddedDatabase): PromptFrameStore {
  return {
    put: async (agentId, { digest, body }) => {
      database.run('INSERT INTO prompt_frame (agent, digest, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', agentId, digest, body)
    },
    get: async (agentId, digest) => {
      const row = database.row('SELECT body FROM prompt_frame WHERE agent = ? AND digest = ?', agentId, digest)
      return row && { digest, body: textOf(row, 'body') }
    },
  }
}
