import type { Client } from '@temporalio/client'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { failureOfTask } from './broken-history.ts'

const askingMs = 5_000

/**
 * Nobody has answered since then: either Temporal does not answer this question too, or it tells which workers have asked for work
 * meanwhile. A worker that lives has: to wait for work it has to ask, and it asks again with every task that it gets.
 */
export async function whyUnanswered(
  { temporal, taskQueue }: AgentWorkflows,
  { agentId, since, cause }: { readonly agentId: string; readonly since: number; readonly cause: unknown },
): Promise<PerdureError> {
  const waited = `${Math.round((Date.now() - since) / 1_000)} seconds`
  try {
    return await temporal.withDeadline(Date.now() + askingMs, async () => {
      const queue = (await queueOf(temporal, agentId)) ?? taskQueue
      const failure = await failureOfTask(temporal, agentId).catch(() => undefined)
      const asked = (await latestAsking(temporal, queue)) >= since
      const what = failure !== undefined ? failing(queue, failure) : asked
        ? `workers ask for work on task queue ${JSON.stringify(queue)}, and none has taken this in ${waited}: they are overloaded, or fail at it; their logs tell`
        : `no worker has asked for work on task queue ${JSON.stringify(queue)} in ${waited}: start one (\`perdure worker\`), or correct PERDURE_TASK_QUEUE of those that run`
      return new PerdureError('no-worker', `${what}. Nothing was accepted; the same may be sent again, a message under its event id`, { cause })
    })
  } catch (error) {
    const text = `the Temporal server has not answered in ${waited} (${messageOf(error)}); is it running? \`perdure stack status\` tells`
    return new PerdureError('server-unavailable', text, { cause })
  }
}

function failing(queue: string, failure: string): string {
  const words = beginningOf(failure, failureCharacters)
  return `the workers of task queue ${JSON.stringify(queue)} fail at the agent's workflow, with "${words}". It goes on where one succeeds; where none can, terminate the workflow in the Web UI: the agent goes on from its stores`
}

/** Of what a worker says of its failure: enough for a sentence. */
const failureCharacters = 500

/** The queue that the agent's workflow was started on, whatever this client's own is. */
async function queueOf({ workflowService, options }: Client, agentId: string): Promise<string | undefined> {
  const execution = { workflowId: workflowIdOf(agentId) }
  const found = await workflowService.describeWorkflowExecution({ namespace: options.namespace, execution }).catch(() => undefined)
  return found?.executionConfig?.taskQueue?.name ?? undefined
}

/** When a worker asked last, epoch milliseconds; 0 for never. */
export async function latestAsking({ workflowService, options }: Client, name: string): Promise<number> {
  const { pollers } = await workflowService.describeTaskQueue({ namespace: options.namespace, taskQueue: { name } })
  return Math.max(0, ...pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000))
}
