import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cachedFolder } from './cache-folder.ts'
import { startDataServer } from './data-server.ts'
import type { Place } from './first-found.ts'
import { onPath, runCommand } from './run-command.ts'

const sources = join(import.meta.dirname, 'stand-ins')
const program = join(sources, 'MongoStandIn.java')

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
  const main = await mainClass(join(libraries, '*'))
  return startDataServer({
    kind: 'MongoDB: stand-in mongo-java-server 1.47, for tests only',
    scheme: 'mongodb',
    command: ({ dataDir, port }) => ({
      command: java,
      arguments: [
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Xmx512m',
        ...main,
        join(dataDir, 'mongo.h2'),
        String(port),
      ],
      timeoutMs: 60_000,
    }),
  })
}

/** As arguments of Java, which else compiles the program at each start: that takes twice what the start does. */
async function mainClass(libraries: string): Promise<readonly string[]> {
  const compiler = onPath('javac')
  if (compiler === undefined) return ['-cp', libraries, program]
  const digest = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 12)
  const compiled = await cachedFolder(`mongo-stand-in-${digest}`, (draft) => runCommand(compiler, ['-cp', libraries, '-d', draft, program], { timeoutMs: 120_000 }))
  return ['-cp', [compiled, libraries].join(delimiter), 'MongoStandIn']
}
