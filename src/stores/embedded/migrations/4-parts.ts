import type { Migration } from '../../migration.ts'

/** `->` gives a text as the JSON that it stands in: read as a value, one with a NUL would be cut there. */
const content = `json_array(json_object('type', 'text', 'text', json(body -> '$.text')))`

export const parts: Migration<string> = {
  to: 4,
  describe: 'what a message says is a list of parts, and a passage of archival memory may give way to another one',
  steps: [
    `UPDATE message SET body = json_set(json_remove(body, '$.text'), '$.content', ${content}) WHERE body -> '$.text' IS NOT NULL`,
    'ALTER TABLE passage ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0',
  ],
}
