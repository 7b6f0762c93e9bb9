import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { bundleWorkflowCode, type WorkerOptions } from '@temporalio/worker'
import { packageVersion } from '../stores/package-version.ts'

type Source = Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'>

/**
 * Options of a worker that is one version of a deployment. Agents are *auto-upgraded*: they live for years, so that a version to
 * which they were pinned would have to live as long; their next step runs on whatever version is current then.
 */
export async function versioned({ name, buildId }: { readonly name: string; readonly buildId?: string }, source: Source): Promise<Partial<WorkerOptions>> {
  const workflowBundle = await bundled(source)
  return {
    workflowBundle,
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName: name, buildId: buildId ?? buildIdOf(workflowBundle) },
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  }
}

/** The build id of this installation's workers, if none was set: `0.1.0-1a2b3c4d`. */
export async function ownBuildId(source: Source): Promise<string> {
  return buildIdOf(await bundled(source))
}

type Bundle = NonNullable<WorkerOptions['workflowBundle']>

/** Two builds with the same workflows can replace each other; a digest tells them apart from others of the same version. */
function buildIdOf(bundle: Bundle): string {
  const code = 'code' in bundle ? bundle.code : readFileSync(bundle.codePath)
  return `${packageVersion()}-${createHash('sha256').update(code).digest('hex').slice(0, 8)}`
}

async function bundled({ workflowBundle, workflowsPath, bundlerOptions }: Source): Promise<Bundle> {
  if (workflowBundle !== undefined) return workflowBundle
  const silent = (): void => undefined
  const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent }
  return bundleWorkflowCode({ workflowsPath: workflowsPath ?? '', logger, ...bundlerOptions })
}
