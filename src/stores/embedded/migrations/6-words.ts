import type { Migration } from '../../migration.ts'

/**
 * What a word is has changed. The words are not made by SQL: `rewordFile` makes them anew in slices when the file is opened next, and this
 * table says how far it is. Nothing is to be done in a new file.
 */
export const words: Migration<string> = {
  to: 6,
  describe: 'messages and passages are found by other forms of their words, which are made anew when the file is opened',
  steps: [
    'CREATE TABLE rewording (of TEXT PRIMARY KEY, done INTEGER NOT NULL, last INTEGER NOT NULL)',
    `INSERT INTO rewording (of, done, last) SELECT 'message', 0, max(id) FROM message HAVING max(id) IS NOT NULL`,
    `INSERT INTO rewording (of, done, last) SELECT 'passage', 0, max(id) FROM passage HAVING max(id) IS NOT NULL`,
  ],
}
