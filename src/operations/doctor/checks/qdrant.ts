import { connectQdrant } from '../../../stores/qdrant/connect.ts'
import { usualCollection } from '../../../stores/qdrant/collection.ts'
import { readSpace } from '../../../stores/qdrant/create-collection.ts'
import { collectionInForce } from '../../../stores/qdrant/in-force.ts'
import { reasonOf } from '../../../stores/qdrant/away.ts'
import { failure, ok, type Check, type Finding } from '../check.ts'
import { sameSpace } from './same-space.ts'

export const qdrant: Check = {
  name: 'Qdrant',
  settings: ['QDRANT_URL', 'MONGODB_URI', 'QDRANT_API_KEY'],
  failure: 'unavailable',
  applies: ({ config, env }) => config.stores.kind === 'servers' || (env.QDRANT_URL ?? '') !== '',
  run: async ({ config: { stores, model } }) => {
    if (stores.kind !== 'servers') return []
    const { client, host } = await connectQdrant({ url: stores.qdrantUrl, ...(stores.qdrantApiKey !== undefined && { apiKey: stores.qdrantApiKey }) })
    const { version } = await client.versionInfo()
    const server = ok(`${host}, version ${version}`)
    return [server, await collection(client, model)]
  },
}

async function collection(client: Awaited<ReturnType<typeof connectQdrant>>['client'], model: Parameters<typeof sameSpace>[1]): Promise<Finding> {
  const about = `collection ${usualCollection}`
  try {
    const inForce = await collectionInForce(client, usualCollection)
    if (inForce === undefined) return ok('not there yet: the first passage makes it', about)
    const [space, { count }] = await Promise.all([readSpace(client, inForce), client.count(inForce, { exact: false })])
    return sameSpace(space, model, `about ${count} passages`, about)
  } catch (error) {
    return failure(`can't be read: ${reasonOf(error)}`, 'correct QDRANT_API_KEY, or see what Qdrant says', about)
  }
}
