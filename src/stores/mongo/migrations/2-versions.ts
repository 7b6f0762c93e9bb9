import type { Db } from 'mongodb'
import { collectionNames } from '../collections.ts'
import type { Migration, ServerStep } from '../../migration.ts'

const unversioned = { schema: { $exists: false } }

/** Nothing else changed since 0.1.0: its documents are read as they are, and workers of both versions may run meanwhile. */
export const versions: Migration<ServerStep<Db>> = {
  to: 2,
  describe: 'each document says of which schema it is',
  steps: collectionNames.map((of) => ({
    of,
    count: (database) => database.collection(of).countDocuments(unversioned),
    run: async (database) => (await database.collection(of).updateMany(unversioned, { $set: { schema: 2 } })).modifiedCount,
  })),
}
