import type { Migration } from '../../migration.ts'

/**
 * From here on the file alone says what an agent has yet to do: its workflow can be lost, and a new one takes all of it up. And it
 * says how many agents of a name there have been, so that no key of a deleted one is used again.
 */
export const pending: Migration<string> = {
  to: 3,
  describe: 'which events have yet to have their turn, the timers of each agent, what each had counted at the end of a turn, and which names were used',
  steps: [
    'ALTER TABLE event ADD COLUMN pending_since INTEGER',
    'ALTER TABLE event ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE event ADD COLUMN task_queue TEXT',
    'ALTER TABLE event ADD COLUMN ended INTEGER NOT NULL DEFAULT 0',
    `UPDATE event SET ended = 1 WHERE EXISTS (
      SELECT 1 FROM turn WHERE turn.agent = event.agent AND turn.event = event.id AND json_extract(turn.body, '$.end') <> 'parked')`,
    'CREATE INDEX event_pending ON event (agent, pending_since) WHERE pending_since IS NOT NULL',
    'CREATE INDEX event_pending_since ON event (task_queue, pending_since) WHERE pending_since IS NOT NULL',
    'ALTER TABLE turn ADD COLUMN counters TEXT',
    'CREATE TABLE timers (agent TEXT PRIMARY KEY, task_queue TEXT NOT NULL, next_due INTEGER, body TEXT NOT NULL)',
    'CREATE INDEX timers_due ON timers (task_queue, next_due) WHERE next_due IS NOT NULL',
    'ALTER TABLE agent ADD COLUMN deleting_at TEXT',
    'CREATE INDEX agent_deleting ON agent (id) WHERE deleting_at IS NOT NULL',
    // Outlives the agents of a name, and says nothing of them but how many there have been.
    'CREATE TABLE agent_name (name TEXT PRIMARY KEY, generation INTEGER NOT NULL)',
  ],
}
