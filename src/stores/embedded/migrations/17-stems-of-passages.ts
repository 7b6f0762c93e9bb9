import type { Migration } from '../../migration.ts'

/**
 * `rewordFile` makes the words of passages anew, in slices, when the file is opened next. A process of an earlier version that has the file open as well writes
 * words without stems: triggers note what it has inserted or changed, since who writes stems takes the note back, and the next opening makes those words anew.
 */
export const stemsOfPassages: Migration<string> = {
  to: 17,
  describe: 'passages are found by the stems of their words too, which are made when the file is opened',
  steps: [
    `INSERT OR REPLACE INTO rewording (of, done, last) SELECT 'passage', 0, max(id) FROM passage HAVING max(id) IS NOT NULL`,
    'CREATE TABLE passage_unstemmed (id INTEGER PRIMARY KEY)',
    'CREATE TRIGGER passage_inserted_unstemmed AFTER INSERT ON passage BEGIN INSERT OR IGNORE INTO passage_unstemmed (id) VALUES (NEW.id); END',
    `CREATE TRIGGER passage_edited_unstemmed AFTER UPDATE OF body ON passage WHEN OLD.body ->> '$.text' IS NOT NEW.body ->> '$.text' BEGIN
      INSERT OR IGNORE INTO passage_unstemmed (id) VALUES (NEW.id);
    END`,
  ],
}
