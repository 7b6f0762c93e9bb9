import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { failureConverterPath } from '../../src/codec/data-converter.ts'

const ignore = (): void => undefined
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: console.warn, error: console.error }
let code: Promise<string> | undefined

/** The bundle for encrypted payloads, made when the first test asks for it. */
export function encryptedWorkflowCode(): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url))
  code ??= bundleWorkflowCode({ workflowsPath, failureConverterPath, logger: quiet }).then((bundle) => bundle.code)
  return code
}
