import type { Migration } from '../../migration.ts'

/** What a word is has changed. `rewordFile` makes them anew in slices when the file is opened next, also where it had not come through since an earlier change. */
export const wordsAnew: Migration<string> = {
  to: 9,
  describe: 'messages and passages are found by other forms of their words, which are made anew when the file is opened',
  steps: [
    `INSERT OR REPLACE INTO rewording (of, done, last) SELECT 'message', 0, max(id) FROM message HAVING max(id) IS NOT NULL`,
    `INSERT OR REPLACE INTO rewording (of, done, last) SELECT 'passage', 0, max(id) FROM passage HAVING max(id) IS NOT NULL`,
  ],
}
