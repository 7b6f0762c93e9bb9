import type { Migration } from '../../migration.ts'

/** `rewordFile` makes the words of messages anew, in slices, when the file is opened next. Those of passages stay as they are. */
export const stems: Migration<string> = {
  to: 12,
  describe: 'messages are found by the stems of their words too, which are made when the file is opened',
  steps: [`INSERT OR REPLACE INTO rewording (of, done, last) SELECT 'message', 0, max(id) FROM message HAVING max(id) IS NOT NULL`],
}
