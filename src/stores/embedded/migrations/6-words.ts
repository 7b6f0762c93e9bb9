import type { Migration } from '../../migration.ts'

/** What a word is has changed. Words are not made by SQL: this table says how far `rewordFile` is with making them anew. Nothing is to be done in a new file. */
export const words: Migration<string> = {
  to: 6,
  describe: 'messages and passages are found by other forms of their words, which the change to 9 makes anew',
  steps: ['CREATE TABLE rewording (of TEXT PRIMARY KEY, done INTEGER NOT NULL, last INTEGER NOT NULL)'],
}
