import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { workflowFiles } from '../../../src/worker/workflow-source.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The next version of this project, as far as a test needs it: a copy of the sources with one change of the loop. */
export interface NextVersion {
  /** Its command line, to be run with `tsx`. */
  readonly main: string
  readonly workflowCode: string
}

/** @param change of `src/workflows/agent/loop.ts` */
export async function nextVersion(folder: string, change: (loop: string) => string): Promise<NextVersion> {
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(folder, file))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const loopFile = join(folder, 'src/workflows/agent/loop.ts')
  const loop = readFileSync(loopFile, 'utf8')
  const changed = change(loop)
  if (changed === loop) throw new Error('the change of the loop changes nothing: has its text moved?')
  writeFileSync(loopFile, changed)
  const silent = (): void => undefined
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent }
  const { code } = await bundleWorkflowCode({ ...workflowFiles(join(folder, 'src/workflows'), 'ts'), payloadConverterPath: join(folder, 'src/codec/sandbox-converter.ts'), logger })
  return { main: join(folder, 'src/cli/main.ts'), workflowCode: code }
}
