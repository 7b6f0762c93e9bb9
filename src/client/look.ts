import { randomUUID } from 'node:crypto'
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { handlerNames, lookedAt, type LookRequest } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { isUnknownRun } from './indexed-runs.ts'
import { inLane } from './lanes.ts'
import { isUnhandled, patiently, translated } from './patiently.ts'

/** Of one agent, in lanes of their own: where no worker answers, looks take no place from what is sent. */
const looksAtOnce = 2

interface Look extends LookRequest {
  readonly signal?: AbortSignal | undefined
}

/**
 * What a query of the agent's workflow would answer. It is asked for by an update that the workflow refuses with the answer, as a query that
 * comes with a workflow task can spoil the history (docs/architecture.md, "Without a history"). Nothing of the update is in the history; where no
 * worker took it, tasks that timed out may be. Needs a worker.
 * @throws PerdureError as `patiently`
 */
export async function look<Answer>(workflows: AgentWorkflows, { key, createdAt }: Pick<StoredAgent, 'key' | 'createdAt'>, { query, args = [], signal }: Look): Promise<Answer> {
  const { temporal } = workflows
  const handle = temporal.workflow.getHandle(workflowIdOf(key))
  const ask = async (): Promise<Answer> => {
    try {
      return await answerOf<Answer>(inLane(temporal.workflow, key, () => refused(handle, { query, args, createdAt }), { width: looksAtOnce, ...(signal && { signal }) }))
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return queryEnded(error)
      if (!isToBeQueried(error)) throw error
    }
    return handle.query<Answer, unknown[]>(query, ...args)
  }
  /** A run that has ended has no task with which a query could come. One that has begun since then is looked at: it has its first task now. */
  const queryEnded = async (notRunning: WorkflowNotFoundError): Promise<Answer> => {
    const asked = temporal.workflowService.describeWorkflowExecution({ namespace: temporal.options.namespace, execution: { workflowId: workflowIdOf(key) } })
    const { workflowExecutionInfo: found } = await asked.catch((error: unknown) => {
      throw isUnknownRun(error) ? notRunning : error
    })
    if (found?.closeTime == null) return ask()
    return temporal.workflow.getHandle(workflowIdOf(key), found.execution?.runId ?? undefined).query<Answer, unknown[]>(query, ...args)
  }
  return patiently(workflows, { agentId: key, signal, call: ask })
}

const refused = (handle: WorkflowHandle, request: LookRequest): Promise<unknown> =>
  handle.executeUpdate(handlerNames.look, { args: [request], updateId: `${handlerNames.look}/${randomUUID()}` })

async function answerOf<Answer>(refusal: Promise<unknown>): Promise<Answer> {
  try {
    await refusal
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === lookedAt) return error.cause.details?.[0] as Answer
    throw error
  }
  throw new Error('the update that is always refused was accepted')
}

/** The run takes no more updates, or a worker of an earlier version has it, which knows no look. */
function isToBeQueried(error: unknown): boolean {
  const known = translated(error)
  if (PerdureError.isInstance(known) && known.code === 'run-full') return true
  return isUnhandled(error)
}
