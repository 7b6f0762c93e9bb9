import { setTimeout as sleep } from 'node:timers/promises'
import { retireKey } from './agents.ts'
import { isBusy } from './busy.ts'
import type { EmbeddedDatabase } from './sql.ts'

/**
 * Deletes what memory holds of an agent, in one transaction. Its own blocks are those named `<agent id>/…` that no other agent's
 * definition names; all others are shared, and stay.
 */
export function eraseAgentRows(database: EmbeddedDatabase, agentId: string): void {
  erasing(database, ['message_words'], () => {
    retireKey(database, agentId)
    database.run('DELETE FROM message_words WHERE rowid IN (SELECT id FROM message WHERE agent = ?)', agentId)
    for (const table of ['message', 'event', 'definition_version', 'former_block', 'definition_change', 'summary', 'prompt_frame', 'aside_cost', 'turn', 'claim', 'checkpoint', 'answer', 'timers', 'document', 'document_part', 'document_chunk']) database.run(`DELETE FROM ${table} WHERE agent = ?`, agentId)
    // A range, not LIKE: `_` in an id would be a wildcard. "0" is the character after "/".
    const own = [`${agentId}/`, `${agentId}0`] as const
    database.run(
      `DELETE FROM block_version WHERE block >= ? AND block < ? AND block NOT IN (
        SELECT block.value ->> 'blockId' FROM agent, json_each(agent.body, '$.definition.blocks') AS block
        WHERE agent.id <> ? AND block.value ->> 'blockId' >= ? AND block.value ->> 'blockId' < ?)`,
      ...own, agentId, ...own,
    )
    database.run('DELETE FROM agent WHERE id = ?', agentId)
  })
}

/**
 * Deletes so that the words are gone from the file, not only from the tables: what is freed is overwritten, and the word indexes are
 * rewritten without what was deleted. The log still has the old pages: `emptyLog` comes next.
 */
export function erasing(database: EmbeddedDatabase, wordIndexes: readonly string[], deletion: () => void): void {
  database.rows('PRAGMA secure_delete = ON')
  try {
    database.transaction(() => {
      deletion()
      for (const index of wordIndexes) database.run(`INSERT INTO ${index} (${index}) VALUES ('optimize')`)
    })
  } finally {
    database.rows('PRAGMA secure_delete = OFF')
  }
}

const logPauseMs = 20
const mostLogTries = 100

/**
 * Folds the log into the file, and empties it. Where other processes read or write for all of two seconds, the log keeps the old pages
 * until a later checkpoint.
 */
export async function emptyLog(database: EmbeddedDatabase): Promise<void> {
  for (let left = mostLogTries; left > 0 && !isLogEmptied(database); left -= 1) await sleep(logPauseMs)
}

function isLogEmptied(database: EmbeddedDatabase): boolean {
  try {
    return database.row('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] === 0
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}
