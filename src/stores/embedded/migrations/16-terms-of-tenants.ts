import type { Migration } from '../../migration.ts'

/**
 * The word index split the terms of tenants' agents at the signs of their keys: an agent of the default tenant read the words of all tenants' agents of its
 * name. From the first of their messages and passages to the last, `rewordFile` makes the words anew when the file is opened next. What another agent has
 * between them is made anew as it was. (`/` is the sign behind `.`.)
 */
export const termsOfTenants: Migration<string> = {
  to: 16,
  describe: "the words of tenants' agents are apart from those of other tenants' agents of the same names, once they are made anew when the file is opened",
  steps: ['message', 'passage'].map(
    (table) => `INSERT INTO rewording (of, done, last) SELECT '${table}', min(id) - 1, max(id) FROM ${table} WHERE agent >= '.' AND agent < '/' HAVING max(id) IS NOT NULL
      ON CONFLICT (of) DO UPDATE SET done = min(done, excluded.done), last = max(last, excluded.last)`,
  ),
}
