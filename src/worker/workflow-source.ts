import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import type { WorkerOptions } from '@temporalio/worker'
import { failureConverterPath, sandboxConverterPath } from '../codec/data-converter.ts'

interface SourceOptions {
  readonly workflowBundle: WorkerOptions['workflowBundle']
  readonly dataConverter: DataConverter
}

/**
 * Converters of data run inside the sandbox too, so they belong to the bundle. The build makes one for plain and one for encrypted
 * payloads; where there is none (from source, or with converters of somebody's own) it is made at start, which takes some seconds.
 */
export function workflowSource({ workflowBundle, dataConverter }: SourceOptions): Partial<WorkerOptions> {
  if (workflowBundle) return { workflowBundle }
  const codePath = beside(`../${bundleNames[dataConverter.failureConverterPath === failureConverterPath ? 'encrypted' : 'plain']}`)
  const ownConverters = dataConverter.payloadConverterPath !== undefined || ![undefined, failureConverterPath].includes(dataConverter.failureConverterPath)
  if (!ownConverters && existsSync(codePath)) return { workflowBundle: { codePath } }
  const workflowsPath = beside(`../workflows/index.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`)
  return { workflowsPath, ...(dataConverter.payloadConverterPath === undefined && { bundlerOptions: { webpackConfigHook: withSandboxConverter } }) }
}

/** As `payloadConverterPath` does, but for the bundle alone: a worker would load the data converter's for its activities too. */
export const withSandboxConverter: WebpackConfigHook = (config) => ({
  ...config,
  resolve: { ...config.resolve, alias: Object.assign({}, config.resolve?.alias, { __temporal_custom_payload_converter$: sandboxConverterPath }) },
})

type WebpackConfigHook = NonNullable<NonNullable<WorkerOptions['bundlerOptions']>['webpackConfigHook']>

/** The bundle that the build writes beside this file's folder. */
export const bundleNames = { plain: 'workflow-bundle.js', encrypted: 'workflow-bundle-encrypted.js' } as const

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
