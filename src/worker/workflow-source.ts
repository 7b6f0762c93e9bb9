import { existsSync } from 'node:fs'
import { join } from 'node:path'
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
  const { workflowsPath, preloadModules } = workflowFiles(beside('../workflows'), import.meta.url.endsWith('.ts') ? 'ts' : 'js')
  return { workflowsPath, bundlerOptions: { preloadModules, webpackConfigHook: dataConverter.payloadConverterPath === undefined ? (config) => withoutSources(withSandboxConverter(config)) : withoutSources } }
}

/** Of which a bundle is made: what is loaded for each run, and what all runs share. @param folder that of the workflows */
export function workflowFiles(folder: string, ending: 'ts' | 'js'): { readonly workflowsPath: string; readonly preloadModules: string[] } {
  const file = (name: string): string => join(folder, `${name}.${ending}`)
  return { workflowsPath: file('index'), preloadModules: [file('shared'), file('../codec/sandbox-converter'), file('../codec/failure-converter')] }
}

/** As `payloadConverterPath` does, but for the bundle alone: a worker would load the data converter's for its activities too. */
export const withSandboxConverter: WebpackConfigHook = (config) => ({
  ...config,
  resolve: { ...config.resolve, alias: Object.assign({}, config.resolve?.alias, { __temporal_custom_payload_converter$: sandboxConverterPath }) },
})

/**
 * Two threads of a worker keep the bundle, and most of what the SDK's bundler makes is a map that holds the sources' texts. Nothing reads these: the
 * places in an error's stack are found without them.
 */
export const withoutSources: WebpackConfigHook = (config) => ({ ...config, devtool: 'inline-nosources-source-map' })

type WebpackConfigHook = NonNullable<NonNullable<WorkerOptions['bundlerOptions']>['webpackConfigHook']>

/** The bundle that the build writes beside this file's folder. */
export const bundleNames = { plain: 'workflow-bundle.js', encrypted: 'workflow-bundle-encrypted.js' } as const

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
