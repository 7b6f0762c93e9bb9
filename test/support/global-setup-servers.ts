import type { TestProject } from 'vitest/node'
import { startMongo } from '../servers/mongo.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { isUnavailable } from '../servers/require-server.ts'

/** For tests that keep memory in MongoDB and Qdrant: both servers, once for the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mongo = await startMongo()
  const qdrant = await startQdrant()
  const missing = [mongo, qdrant].filter(isUnavailable).map(({ unavailable }) => unavailable)
  if (!isUnavailable(mongo) && !isUnavailable(qdrant)) project.provide('storeServers', { mongodbUri: mongo.uri, qdrantUrl: qdrant.uri })
  else if (process.env['CI']) throw new Error(missing.join('; '))
  else project.provide('storeServers', { unavailable: missing.join('; ') })
  return async () => {
    for (const server of [mongo, qdrant]) if (!isUnavailable(server)) await server.stop()
  }
}
