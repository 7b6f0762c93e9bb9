import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readyBundle } from '../../scripts/ready-bundle.ts'
import { bundleNames } from '../../src/worker/workflow-source.ts'
import { isBuilt, root } from './built-command.ts'

type Kind = keyof typeof bundleNames

/** Setups of several projects run in one process, and each has this module for itself: what is made once stands in the process. */
const ofProcess = globalThis as { perdureWorkflowCode?: Map<Kind, Promise<string>> }

/** The bundle of the workflows as they are in `src`: made once, for many workers. */
export const workflowCode = (): Promise<string> => codeOf('plain')

/** The bundle for encrypted payloads, made when the first test asks for it. */
export const encryptedWorkflowCode = (): Promise<string> => codeOf('encrypted')

function codeOf(kind: Kind): Promise<string> {
  const made = (ofProcess.perdureWorkflowCode ??= new Map<Kind, Promise<string>>())
  const code = made.get(kind) ?? bundled(kind)
  made.set(kind, code)
  return code
}

/** The one that users have, where it is of the present sources; to make one takes each process some seconds. */
function bundled(kind: Kind): Promise<string> {
  return isBuilt() ? readFile(join(root, 'dist', bundleNames[kind]), 'utf8') : readyBundle(kind, join(root, 'src'), 'ts')
}
