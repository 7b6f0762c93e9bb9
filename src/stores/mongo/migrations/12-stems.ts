import type { AnyBulkWriteOperation, Db } from 'mongodb'
import { formsOf } from '../../../words/words.ts'
import type { Migration, ServerStep } from '../../migration.ts'
import { type MessageForm, messageOf, searchedTextOf } from '../../message-form.ts'

type Stored = MessageForm & { readonly _id: string; readonly words: readonly string[]; readonly schema: number }

const earlier = { schema: { $lt: 12 } }
const batchSize = 200

/** What a word is has changed, and messages are found by stems too. Until a message is reached it is found by its former words. */
export const stems: Migration<ServerStep<Db>> = {
  to: 12,
  describe: 'messages are found by other forms of their words, and by their stems',
  steps: [
    {
      of: 'messages',
      count: (database) => database.collection('messages').countDocuments({ $or: [earlier, { schema: { $exists: false } }] }),
      run: async (database) => {
        const messages = database.collection<Stored>('messages')
        for (let changed = 0; ; ) {
          const found = await messages.find(earlier, { projection: { text: 1, content: 1, reply: 1 }, limit: batchSize }).toArray()
          if (found.length === 0) return changed
          changed += (await messages.bulkWrite(found.map(changeOf), { ordered: false })).modifiedCount
        }
      },
    },
  ],
}

function changeOf(stored: Pick<Stored, '_id'>): AnyBulkWriteOperation<Stored> {
  const words = formsOf(searchedTextOf(messageOf(stored as Stored)))
  return { updateOne: { filter: { _id: stored._id }, update: { $set: { words, schema: 12 } } } }
}
