import { setTimeout as sleep } from 'node:timers/promises'
import { isGrpcServiceError, type Client } from '@temporalio/client'
import { PerdureError } from '../protocol/errors.ts'

export interface BuildView {
  readonly buildId: string
  /** Share of the agents' steps that it gets, in percent. */
  readonly share: number
  readonly status: 'current' | 'ramping' | 'draining' | 'inactive'
  /** ISO 8601: when one of its workers polled for the first time. */
  readonly since: string
}

/** gRPC's NOT_FOUND and FAILED_PRECONDITION. */
const unknownCodes: readonly number[] = [5, 9]

/** How long the server may take to know what a worker that has just started takes. */
const startingMs = 10_000

/** Values of Temporal's `VersionDrainageStatus`. */
const isDraining = (status: number | null | undefined): boolean => status === 1

/**
 * The builds of a deployment that the server knows, the newest first: those of which a worker has polled.
 * @throws PerdureError `deployment-unknown`
 */
export async function buildsOf(temporal: Client, deploymentName: string): Promise<readonly BuildView[]> {
  const { workerDeploymentInfo: info } = await asked(deploymentName, () =>
    temporal.workflowService.describeWorkerDeployment({ namespace: temporal.options.namespace, deploymentName }),
  )
  const routing = info?.routingConfig
  const current = routing?.currentDeploymentVersion?.buildId
  const ramping = routing?.rampingDeploymentVersion?.buildId
  const ramp = ramping == null ? 0 : (routing?.rampingVersionPercentage ?? 0)
  const builds = (info?.versionSummaries ?? []).map(({ deploymentVersion, createTime, drainageInfo }): BuildView => {
    const buildId = deploymentVersion?.buildId ?? ''
    const since = new Date(Number(createTime?.seconds ?? 0) * 1_000).toISOString()
    if (buildId === current) return { buildId, share: 100 - ramp, status: 'current', since }
    if (buildId === ramping) return { buildId, share: ramp, status: 'ramping', since }
    return { buildId, share: 0, status: isDraining(drainageInfo?.status) ? 'draining' : 'inactive', since }
  })
  return builds.sort((one, other) => other.since.localeCompare(one.since))
}

/**
 * From now on every agent's next step runs on workers of this build; `undefined`: on workers without a version.
 * @throws PerdureError `deployment-unknown` where no worker of it has polled
 */
export async function setCurrentBuild(temporal: Client, deploymentName: string, buildId: string | undefined): Promise<void> {
  const { namespace, identity } = temporal.options
  await asked(deploymentName, () => temporal.workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, identity, buildId: buildId ?? '' }), buildId)
}

/** Lets a share of the agents, in percent, move to a build before it is current. 0 ends that. */
export async function rampBuild(temporal: Client, deploymentName: string, buildId: string, percentage: number): Promise<void> {
  const { namespace, identity } = temporal.options
  const ramped = percentage === 0 ? '' : buildId
  await asked(deploymentName, () => temporal.workflowService.setWorkerDeploymentRampingVersion({ namespace, deploymentName, identity, buildId: ramped, percentage }), buildId)
}

/**
 * A worker's task queues become known to the server one after the other. Until they all are, its build may not follow one that
 * has them; that is waited for.
 */
async function asked<Answer>(deploymentName: string, ask: () => Promise<Answer>, buildId?: string): Promise<Answer> {
  const deadline = Date.now() + startingMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isGrpcServiceError(error) || !unknownCodes.includes(error.code)) throw error
      const starting = error.details.includes('missing active task queues')
      if (!starting || Date.now() > deadline) throw unknown(deploymentName, buildId, { error, starting })
    }
    await sleep(200)
  }
}

function unknown(deploymentName: string, buildId: string | undefined, { error, starting }: { readonly error: Error & { readonly details: string }; readonly starting: boolean }): PerdureError {
  const what = buildId === undefined ? `deployment ${deploymentName}` : `build ${buildId} of the deployment ${deploymentName}`
  const text = starting
    ? `no worker of ${what} takes all that those of the current build take (${error.details}); start one with PERDURE_TASK_QUEUE as they have it`
    : `the server knows no ${what} (${error.details}); start a worker with PERDURE_DEPLOYMENT=${deploymentName} first`
  return new PerdureError('deployment-unknown', text, { cause: error })
}
