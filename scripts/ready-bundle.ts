import { join } from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { withoutSources, workflowFiles, type bundleNames } from '../src/worker/workflow-source.ts'

const quiet = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error }

/**
 * The bundle that the build writes for workers.
 * @param folder that of `workflows` and `codec`, as sources or as the compiler has made them
 */
export async function readyBundle(kind: keyof typeof bundleNames, folder: string, ending: 'ts' | 'js'): Promise<string> {
  const converter = (name: string): string => join(folder, 'codec', `${name}.${ending}`)
  const { code } = await bundleWorkflowCode({
    ...workflowFiles(join(folder, 'workflows'), ending),
    payloadConverterPath: converter('sandbox-converter'),
    ...(kind === 'encrypted' && { failureConverterPath: converter('failure-converter') }),
    webpackConfigHook: withoutSources,
    logger: quiet,
  })
  return oneByteEach(code)
}

/** V8 keeps a text in which one sign needs two bytes with two bytes for each. Such signs stand in texts and comments alone, where an escape means the same. */
const oneByteEach = (code: string): string => code.replaceAll(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
