import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from './cache-folder.ts'
import { startDataServer } from './data-server.ts'
import type { Place } from './first-found.ts'
import { onPath, runCommand } from './run-command.ts'

const sources = join(import.meta.dirname, 'stand-ins')

/** Where it differs from MongoDB: no sessions, transactions, `$text`, TTL, collation, pipeline updates; it scans where MongoDB seeks. */
export const mongoStandIn: Place = async () => {
  const java = onPath('java')
  const maven = onPath('mvn')
  if (java === undefined) return { unavailable: 'the stand-in needs java' }
  const libraries = await cachedFolder('mongo-java-server-1.47.0', async (draft) => {
    if (maven === undefined) throw new Error('the stand-in needs mvn, to fetch its libraries')
    process.stderr.write('fetching the stand-in for MongoDB (mongo-java-server 1.47) ...\n')
    copyFileSync(join(sources, 'mongo-stand-in-pom.xml'), join(draft, 'pom.xml'))
    await runCommand(maven, ['-B', '-q', 'dependency:copy-dependencies', '-DoutputDirectory=.'], { cwd: draft, timeoutMs: 300_000 })
  })
  return startDataServer({
    kind: 'MongoDB: stand-in mongo-java-server 1.47, for tests only',
    scheme: 'mongodb',
    command: ({ dataDir, port }) => ({
      command: java,
      arguments: [
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Xmx512m',
        '-cp',
        join(libraries, '*'),
        join(sources, 'MongoStandIn.java'),
        join(dataDir, 'mongo.h2'),
        String(port),
      ],
      timeoutMs: 60_000,
    }),
  })
}
