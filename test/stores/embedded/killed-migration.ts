import { openDatabase } from '../../../src/stores/embedded/database.ts'
import { prepareSchema } from '../../../src/stores/embedded/schema.ts'

/** Migrates a file, and is killed in the middle of it: after it has changed rows, before it has committed. */
const [file = ''] = process.argv.slice(2)
const midway = {
  to: 2,
  describe: 'killed midway',
  steps: ['CREATE TABLE answer (agent TEXT)', "UPDATE message SET body = '{}'", 'DELETE FROM passage'],
}
await openDatabase(file, (database, path) =>
  prepareSchema(
    {
      ...database,
      run: (sql, ...values) => {
        const changed = database.run(sql, ...values)
        if (sql.startsWith('DELETE')) process.kill(process.pid, 'SIGKILL')
        return changed
      },
    },
    path,
    [midway],
  ),
)
