import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cachedFolder } from './cache-folder.ts'
import { startDataServer } from './data-server.ts'
import type { Place } from './first-found.ts'
import { onPath, runCommand } from './run-command.ts'

const source = join(import.meta.dirname, 'stand-ins', 'qdrant_stand_in.py')

/** Qdrant's own engine without its server: ranking and filters are Qdrant's, the REST routes are ours. */
export const qdrantStandIn: Place = async () => {
  const python = onPath('python3')
  if (python === undefined) return { unavailable: 'the stand-in needs python3' }
  const environment = await cachedFolder('qdrant-edge-0.9.0', async (draft) => {
    process.stderr.write('fetching the stand-in for Qdrant (qdrant-edge-py 0.9) ...\n')
    await runCommand(python, ['-m', 'venv', draft], { timeoutMs: 120_000 })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'qdrant-edge-py==0.9.0']
    await runCommand(join(draft, 'bin', 'python'), pip, { timeoutMs: 300_000 })
  })
  const interpreter = join(environment, 'bin', 'python')
  if (!existsSync(interpreter)) return { unavailable: `the stand-in's Python is not at ${interpreter}: delete that folder` }
  return startDataServer({
    kind: 'Qdrant: stand-in qdrant-edge-py 0.9, for tests only',
    scheme: 'http',
    command: ({ dataDir, port }) => ({ command: interpreter, arguments: [source, join(dataDir, 'collections'), String(port)], timeoutMs: 30_000 }),
  })
}
