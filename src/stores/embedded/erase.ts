import { setTimeout as sleep } from 'node:timers/promises'
import { retireKey } from './agents.ts'
import { isBusy, type WhileBusy } from './busy.ts'
import { textOf } from './columns.ts'
import { forgetCounts } from './kept-counts.ts'
import { inShortSteps, type Step } from './short-transactions.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { forgetWords } from './word-index.ts'

/*
 * What an agent has may be large, and others have theirs in the same file: it goes in many short transactions. One that is broken off has erased
 * the first of it, and goes on when it is repeated. What is freed is overwritten (`secure_delete`, which all connections have).
 */

/** How many rows go in one step: those of parts have some megabytes. */
const rowsAtOnce = 50
const partsAtOnce = 1

const tables = ['event', 'definition_version', 'former_block', 'definition_change', 'summary', 'prompt_frame', 'turn', 'claim', 'checkpoint', 'answer', 'timers', 'document', 'document_chunk']

/**
 * Deletes what memory holds of an agent; its record last, so that a deletion that was broken off can be seen and repeated. Its own blocks are those
 * named `<agent id>/…` that no other agent's definition names; all others are shared, and stay.
 */
export async function eraseMemory(database: EmbeddedDatabase, whileBusy: WhileBusy, agentId: string): Promise<void> {
  await whileBusy(() => database.transaction(() => retireKey(database, agentId)))
  await inShortSteps(database, whileBusy, [
    withWords(database, 'message', agentId),
    ...tables.map((table) => rows(database, table, agentId)),
    rows(database, 'document_part', agentId, partsAtOnce),
  ])
  await forgetWords(database, whileBusy, 'message_words')
  await whileBusy(() => database.transaction(() => eraseRecord(database, agentId)))
  await emptyLog(database)
}

/** Deletes an agent's passages, and the vectors of its exchanges. */
export async function eraseArchival(database: EmbeddedDatabase, whileBusy: WhileBusy, agentId: string): Promise<void> {
  await inShortSteps(database, whileBusy, [withWords(database, 'passage', agentId), rows(database, 'exchange', agentId)])
  await forgetWords(database, whileBusy, 'passage_words')
  await whileBusy(() =>
    database.transaction(() => {
      forgetCounts(database, agentId, ['passage', 'sketches'])
      // With the last vector goes what bound the file to its model.
      database.run('DELETE FROM embedding_space WHERE NOT EXISTS (SELECT 1 FROM passage)')
    }),
  )
  await emptyLog(database)
}

function eraseRecord(database: EmbeddedDatabase, agentId: string): void {
  database.run('DELETE FROM aside_cost WHERE agent = ?', agentId)
  // A range, not LIKE: `_` in an id would be a wildcard. "0" is the character after "/".
  const own = [`${agentId}/`, `${agentId}0`] as const
  database.run(
    `DELETE FROM block_version WHERE block >= ? AND block < ? AND block NOT IN (
      SELECT block.value ->> 'blockId' FROM agent, json_each(agent.body, '$.definition.blocks') AS block
      WHERE agent.id <> ? AND block.value ->> 'blockId' >= ? AND block.value ->> 'blockId' < ?)`,
    ...own, agentId, ...own,
  )
  // Again: what deletes the agent may have been written into its record meanwhile.
  retireKey(database, agentId)
  database.run('DELETE FROM agent WHERE id = ?', agentId)
}

function rows(database: EmbeddedDatabase, table: string, agentId: string, atOnce = rowsAtOnce): Step {
  const sql = `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE agent = ? LIMIT ${atOnce})`
  return () => database.run(sql, agentId) > 0
}

function withWords(database: EmbeddedDatabase, table: 'message' | 'passage', agentId: string): Step {
  const someSql = `SELECT json_group_array(id) AS ids FROM (SELECT id FROM ${table} WHERE agent = ? LIMIT ${rowsAtOnce})`
  return () => {
    const ids = textOf(database.row(someSql, agentId) ?? {}, 'ids')
    database.run(`DELETE FROM ${table}_words WHERE rowid IN (SELECT value FROM json_each(?))`, ids)
    return database.run(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, ids) > 0
  }
}

const logPauseMs = 20
const mostLogTries = 100

/**
 * Folds the log into the file, and empties it: it still has the pages as they were. Where other processes read or write for all of two seconds, the
 * log keeps them until a later checkpoint.
 */
async function emptyLog(database: EmbeddedDatabase): Promise<void> {
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
