import type { AnyBulkWriteOperation, Db } from 'mongodb'
import type { Migration, ServerStep } from '../../migration.ts'

/** A message as schemas up to 3 have it. */
interface Unparted {
  readonly _id: string
  readonly text: string
}

const unparted = { text: { $exists: true } }
const batchSize = 500

/** Readers know both forms, so this is for the sake of one form in all documents. A message is never rewritten otherwise. */
export const parts: Migration<ServerStep<Db>> = {
  to: 4,
  describe: 'what a message says is a list of parts',
  steps: [
    {
      of: 'messages',
      count: (database) => database.collection('messages').countDocuments(unparted),
      run: async (database) => {
        const messages = database.collection<Unparted>('messages')
        for (let changed = 0; ; ) {
          const found = await messages.find(unparted, { projection: { text: 1 }, limit: batchSize }).toArray()
          if (found.length === 0) return changed
          changed += (await messages.bulkWrite(found.map(changeOf), { ordered: false })).modifiedCount
        }
      },
    },
  ],
}

function changeOf({ _id, text }: Unparted): AnyBulkWriteOperation<Unparted> {
  return { updateOne: { filter: { _id }, update: { $set: { content: [{ type: 'text', text }], schema: 4 } as Partial<Unparted>, $unset: { text: '' } } } }
}
