import type { TestProject } from 'vitest/node'
import type { TestServer } from '../servers/data-server.ts'
import { startMongo } from '../servers/mongo.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { isUnavailable, type Unavailable } from '../servers/require-server.ts'

type Servers = readonly [mongo: TestServer | Unavailable, qdrant: TestServer | Unavailable]

/** Setups of several projects run in one process, and each has this module for itself: what is started once stands in the process. No two of these projects have a file in common. */
const ofProcess = globalThis as { perdureStoreServers?: Promise<Servers>; perdureStoreServersEnded?: Promise<void> }

/** For tests that keep memory in MongoDB and Qdrant: both servers, once for the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await (ofProcess.perdureStoreServers ??= Promise.all([startMongo(), startQdrant()]))
  const [mongo, qdrant] = servers
  const missing = servers.filter(isUnavailable).map(({ unavailable }) => unavailable)
  if (!isUnavailable(mongo) && !isUnavailable(qdrant)) project.provide('storeServers', { mongodbUri: mongo.uri, qdrantUrl: qdrant.uri })
  else if (process.env['CI']) throw new Error(missing.join('; '))
  else project.provide('storeServers', { unavailable: missing.join('; ') })
  return () => (ofProcess.perdureStoreServersEnded ??= end(servers))
}

async function end(servers: Servers): Promise<void> {
  for (const server of servers) if (!isUnavailable(server)) await server.stop()
}
