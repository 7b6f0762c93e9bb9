import type { Db } from 'mongodb'
import { messageOf } from '../../../protocol/errors.ts'
import { missingIndexes } from '../../../stores/mongo/missing-indexes.ts'
import { connectMongo } from '../../../stores/mongo/connect.ts'
import { databaseNameOf } from '../../../stores/mongo/uri.ts'
import { failure, ok, warning, type Check, type Finding } from '../check.ts'

export const mongodb: Check = {
  name: 'MongoDB',
  settings: ['MONGODB_URI', 'QDRANT_URL'],
  failure: 'unavailable',
  applies: ({ config, env }) => config.stores.kind === 'servers' || (env.MONGODB_URI ?? '') !== '',
  run: async ({ config: { stores } }) => {
    if (stores.kind !== 'servers') return []
    const { client, hosts } = await connectMongo(stores.mongodbUri)
    try {
      const db = client.db(databaseNameOf(stores.mongodbUri))
      const [info, hello] = await Promise.all([db.admin().command({ buildInfo: 1 }), db.admin().command({ hello: 1 }).catch(() => ({}))])
      const set = 'setName' in hello ? `replica set ${String(hello.setName)}` : 'one server'
      return [ok(`${hosts}, database ${db.databaseName}, version ${String(info.version)}, ${set}`), await writing(db), await indexes(db)]
    } finally {
      await client.close()
    }
  },
}

/** Written with majority, as all that agents write; taken away again. */
async function writing(db: Db): Promise<Finding> {
  try {
    const probe = db.collection('doctor')
    const { insertedId } = await probe.insertOne({ at: new Date().toISOString() })
    await probe.deleteOne({ _id: insertedId })
    return ok('acknowledged by the majority', 'writes')
  } catch (error) {
    return failure(`a write failed: ${messageOf(error)}`, 'give the user of MONGODB_URI the right to read and write, and see that the replica set has a majority', 'writes')
  }
}

async function indexes(db: Db): Promise<Finding> {
  const missing = await missingIndexes(db)
  if (missing.length === 0) return ok('all there', 'indexes')
  return warning(`${missing.length} are not there: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' and others' : ''}`, 'the first worker or client makes them', 'indexes')
}
