import type { Db, Document } from 'mongodb'
import type { Migration, ServerStep } from '../../migration.ts'
import { idOf } from '../insert-if-absent.ts'

const ended = { end: { $ne: 'parked' } }
const batchSize = 500

/** Documents of before are read as they are; an event whose turn has ended must not be taken for one that has yet to have it. */
export const pending: Migration<ServerStep<Db>> = {
  to: 3,
  describe: 'each event whose turn has ended says so',
  steps: [
    {
      of: 'events',
      count: async (database) => (await idsOfUnmarked(database)).length,
      run: async (database) => {
        const ids = await idsOfUnmarked(database)
        let changed = 0
        for (let start = 0; start < ids.length; start += batchSize) {
          const chunk = ids.slice(start, start + batchSize)
          changed += (await database.collection<{ _id: string }>('events').updateMany({ _id: { $in: chunk } }, { $set: { ended: true }, $unset: { pendingSince: '', taskQueue: '' } })).modifiedCount
        }
        return changed
      },
    },
  ],
}

async function idsOfUnmarked(database: Db): Promise<readonly string[]> {
  const turns = await database.collection('turns').find<Document & { agentId: string; eventId: string }>(ended, { projection: { agentId: 1, eventId: 1 } }).toArray()
  const ids = turns.map(({ agentId, eventId }) => idOf(agentId, eventId))
  const unmarked: string[] = []
  for (let start = 0; start < ids.length; start += batchSize) {
    const found = await database.collection<{ _id: string }>('events').find({ _id: { $in: ids.slice(start, start + batchSize) }, ended: { $ne: true } }, { projection: { _id: 1 } }).toArray()
    unmarked.push(...found.map(({ _id }) => _id))
  }
  return unmarked
}
