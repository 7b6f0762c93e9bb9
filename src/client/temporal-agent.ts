import { setTimeout as sleep } from 'node:timers/promises'
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client'
import { ApplicationFailure, TypedSearchAttributes, type Workflow } from '@temporalio/common'
import { controlSettingsOf, type AgentDefinition } from '../protocol/definition.ts'
import { errorCodes, PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { workflowType } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { modelAttribute, statusAttribute } from '../protocol/search-attributes.ts'
import { initialState } from '../protocol/state.ts'
import { stuckWorkflow } from './stuck.ts'

/** How long calls are repeated while the server does not answer; what was sent is durable or is sent again. */
const patienceMs = 60_000
const firstPauseMs = 50
const longestPauseMs = 2_000

/** gRPC status codes of a server that is away or starting. */
const transient = new Set([1, 4, 8, 13, 14])

export interface AgentWorkflows {
  /** With the `dataConverter` of the workers: `encryptedDataConverter(ring)` where they encrypt. */
  readonly temporal: Client
  readonly taskQueue: string
}

/** Starts the agent's workflow unless it runs. */
export async function startAgent(workflows: AgentWorkflows, definition: AgentDefinition): Promise<void> {
  await patiently(() => workflows.temporal.workflow.start(workflowType, startOptions(workflows, definition)))
}

/**
 * An update of the agent's workflow. Where there is none (its history is gone, or somebody cancelled it) one is started, which
 * goes on from what the stores hold. Repeated while the server is away: every update of ours may be.
 */
export async function update<Answer>(
  workflows: AgentWorkflows,
  definition: AgentDefinition,
  call: { readonly name: string; readonly input?: unknown; readonly signal?: AbortSignal | undefined },
): Promise<Answer> {
  const { workflow } = workflows.temporal
  const { name } = call
  const args: [unknown] = [call.input ?? {}]
  const answered = patiently(async () => {
    try {
      return await workflow.getHandle(workflowIdOf(definition.id)).executeUpdate<Answer, [unknown]>(name, { args })
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    }
    const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(workflowType, startOptions(workflows, definition))
    return workflow.executeUpdateWithStart<Workflow, Answer, [unknown]>(name, { args, startWorkflowOperation })
  }, call.signal)
  return orReason(answered, workflows, definition.id)
}

export async function signalWithStart(workflows: AgentWorkflows, definition: AgentDefinition, name: string, args: unknown[]): Promise<void> {
  const options = startOptions(workflows, definition)
  await patiently(() => workflows.temporal.workflow.signalWithStart(workflowType, { ...options, signal: name, signalArgs: args }))
}

export async function query<Answer>(workflows: AgentWorkflows, agentId: string, name: string): Promise<Answer> {
  const answered = patiently(() => workflows.temporal.workflow.getHandle(workflowIdOf(agentId)).query<Answer>(name))
  return orReason(answered, workflows, agentId)
}

function orReason<Answer>(answered: Promise<Answer>, { temporal }: AgentWorkflows, agentId: string): Promise<Answer> {
  return answered.catch(async (error: unknown) => {
    throw await stuckWorkflow(temporal, agentId, error)
  })
}

function startOptions({ taskQueue }: AgentWorkflows, definition: AgentDefinition): WorkflowStartOptions & { workflowIdConflictPolicy: 'USE_EXISTING' } {
  return {
    workflowId: workflowIdOf(definition.id),
    taskQueue,
    args: [initialState(definition.id, controlSettingsOf(definition))],
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { agent: definition.id, model: definition.model, contextWindow: definition.contextWindow },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: statusAttribute, value: 'live' },
      { key: modelAttribute, value: definition.model },
    ]),
    staticSummary: `agent ${definition.id}`,
  }
}

/** Repeats while the server is away, for a minute at the most; turns what comes back into errors with our codes. */
async function patiently<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      signal?.throwIfAborted()
      return await abandonable(call(), signal)
    } catch (error) {
      if (!isTransient(error)) throw translated(error)
      if (Date.now() > deadline) {
        throw new PerdureError('server-unavailable', 'the Temporal server has not answered for a minute; is it running? `perdure stack status` tells', { cause: error })
      }
    }
    await sleep(pause, undefined, signal && { signal })
  }
}

/** Stops waiting when the signal is aborted. What was asked for goes on. */
function abandonable<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const abandon = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abandon, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon))
  })
}

function isTransient(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  const cause = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) && transient.has(cause.code)
}

function translated(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError) {
    return new PerdureError('agent-unknown', 'no workflow of this agent runs; create the agent, or send it a message, which starts it', { cause: error })
  }
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error
  if (cause instanceof ApplicationFailure && isCode(cause.type)) return new PerdureError(cause.type, cause.message, { cause: error })
  return error
}

function isCode(type: unknown): type is ErrorCode {
  return errorCodes.includes(type as ErrorCode)
}
