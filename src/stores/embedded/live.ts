import { beforeStep, liveMarkOf, liveSeconds, noLiveStore, type KeptAside, type LiveBatch, type LiveStore } from '../live.ts'
import { patient, whileBusyOf } from './busy.ts'
import { changeMarkOf } from './change-mark.ts'
import { bodyOf, numberOf } from './columns.ts'
import { openDatabase } from './database.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** Another process writes for less than this; whoever meets it tries again with the next batch. */
const patienceMs = 100

const afterEachSql = `SELECT live.body FROM json_each(?) AS mark CROSS JOIN live
  WHERE live.agent = mark.value ->> 0 AND live.place > mark.value ->> 1 ORDER BY live.agent, live.place LIMIT ?`

/**
 * A file of its own beside the memory file: writing to it takes neither memory's lock nor its waits for the disk, as it does not wait for the
 * disk at all. After a crash of the machine it may be damaged or gone. Where it can't be opened there is no live text.
 */
export async function openEmbeddedLive(memoryFile: string): Promise<LiveStore> {
  const file = `${memoryFile}.live`
  try {
    const database = await openDatabase(file, prepare)
    return patient(embeddedLive(database), whileBusyOf(file, patienceMs))
  } catch {
    return noLiveStore
  }
}

function prepare(database: EmbeddedDatabase): void {
  database.rows('PRAGMA synchronous = OFF')
  // What is forgotten is gone from the file.
  database.rows('PRAGMA secure_delete = ON')
  database.run('CREATE TABLE IF NOT EXISTS live (agent TEXT NOT NULL, place TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, place)) WITHOUT ROWID')
  database.run('CREATE TABLE IF NOT EXISTS aside (agent TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, id)) WITHOUT ROWID')
}

function embeddedLive(database: EmbeddedDatabase): LiveStore {
  const forgetOld = (): void => {
    const longAgo = Date.now() - liveSeconds * 1_000
    for (const table of ['live', 'aside']) database.run(`DELETE FROM ${table} WHERE at < ?`, longAgo)
  }
  const gone = (rows: number): void => {
    if (rows > 0) database.rows('PRAGMA wal_checkpoint(TRUNCATE)')
  }
  return {
    append: async (batch) => {
      const place = liveMarkOf(batch)
      database.run('INSERT INTO live (agent, place, at, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', batch.agentId, place, Date.now(), JSON.stringify(batch))
      if (batch.batch === 1) forgetOld()
    },
    afterEach: async (marks, limit) => database.rows(afterEachSql, JSON.stringify([...marks]), limit).map((row) => bodyOf(row) as LiveBatch),
    latestAttempt: async (agentId, seq) => {
      const row = database.row(`SELECT body ->> 'attempt' AS attempt FROM live WHERE agent = ? AND place >= ? AND place < ? ORDER BY place DESC LIMIT 1`, agentId, beforeStep(seq), beforeStep(seq + 1))
      return row === undefined ? 0 : numberOf(row, 'attempt')
    },
    changeMark: async () => changeMarkOf(database),
    putAside: async (aside) => {
      database.run('INSERT OR REPLACE INTO aside (agent, id, at, body) VALUES (?, ?, ?, ?)', aside.agentId, aside.id, Date.now(), JSON.stringify(aside))
      forgetOld()
    },
    answerAside: async (aside) => {
      database.run('UPDATE aside SET at = ?, body = ? WHERE agent = ? AND id = ?', Date.now(), JSON.stringify(aside), aside.agentId, aside.id)
    },
    aside: async (agentId, id) => {
      const row = database.row('SELECT body FROM aside WHERE agent = ? AND id = ?', agentId, id)
      return row && (bodyOf(row) as KeptAside)
    },
    forgetAside: async (agentId, id) => gone(database.run('DELETE FROM aside WHERE agent = ? AND id = ?', agentId, id)),
    forget: async (agentId) => gone(database.run('DELETE FROM live WHERE agent = ?', agentId) + database.run('DELETE FROM aside WHERE agent = ?', agentId)),
    forgetTurns: async (agentId, turn) => gone(database.run(`DELETE FROM live WHERE agent = ? AND body ->> 'turn' <= ?`, agentId, turn)),
    close: async () => database.close(),
  }
}
