import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker'
import { failureConverterPath, sandboxConverterPath } from '../../src/codec/data-converter.ts'
import { withoutSources, workflowFiles } from '../../src/worker/workflow-source.ts'

/** Setups of several projects run in one process, and each has this module for itself: what is made once stands in the process. */
const ofProcess = globalThis as { perdureWorkflowCode?: Promise<string> }

/** The bundle of the workflows as they are in `src`: made once, for many workers. */
export const workflowCode = (): Promise<string> => (ofProcess.perdureWorkflowCode ??= bundled({}))

let encrypted: Promise<string> | undefined

/** The bundle for encrypted payloads, made when the first test asks for it. */
export function encryptedWorkflowCode(): Promise<string> {
  encrypted ??= bundled({ failureConverterPath })
  return encrypted
}

async function bundled(converters: Pick<BundleOptions, 'failureConverterPath'>): Promise<string> {
  const files = workflowFiles(fileURLToPath(new URL('../../src/workflows', import.meta.url)), 'ts')
  return (await bundleWorkflowCode({ ...files, payloadConverterPath: sandboxConverterPath, logger: quiet, webpackConfigHook: withoutSources, ...converters })).code
}

const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: console.warn, error: console.error }

function ignore(): void {
  // What a bundler has to say while all goes well is no news for a test run.
}
