import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowStartOptions, type WorkflowUpdateHandle } from '@temporalio/client'
import { ApplicationFailure, type Workflow } from '@temporalio/common'
import { controlSettingsOf } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { handlerNames, workflowType, type OfAgent } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { liveness } from '../protocol/liveness.ts'
import { attributesOfAgent } from '../protocol/search-attributes.ts'
import { initialState } from '../protocol/state.ts'
import { tenantOf } from '../protocol/tenant.ts'
import type { StoredAgent } from '../stores/agents.ts'
import { askingMs } from './indexed-runs.ts'
import { handOver } from './hand-over.ts'
import { inLane } from './lanes.ts'
import { abandonable, isTransient, isUnhandled, patienceOf, patiently, pauses, translated } from './patiently.ts'
import { stuckWorkflow } from './stuck.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** Starts the agent's workflow unless it runs. */
export async function startAgent(workflows: AgentWorkflows, agent: StoredAgent, signal?: AbortSignal): Promise<void> {
  await patiently(workflows, { agentId: agent.key, signal, call: () => workflows.temporal.workflow.start(workflowType, startOptions(workflows, agent)) })
}

interface UpdateCall {
  readonly name: string
  /**
   * Names what is asked for. As long as one run of the workflow lasts, Temporal takes the same name under the same id for the same update,
   * and gives the answer that it gave; beyond that the workflow itself tells what it has done.
   */
  readonly id: string
  readonly input?: object
  readonly signal?: AbortSignal | undefined
  /** Overtakes those that wait for their place in this process. Default false. */
  readonly urgent?: boolean
  /** Whether to wait, within `patienceMs`, for a run to end that has taken as many updates as it may. Default true. */
  readonly retryFull?: boolean
}

/**
 * An update of the agent's workflow. Where there is none (its history is gone, or somebody ended it) one is started, which
 * goes on from what the stores hold. It is accepted within `patienceMs`, or fails. Its answer comes soon after, as no update is
 * kept waiting for a turn by a client; it is asked for anew where the server goes away meanwhile: every update of ours may be repeated.
 * @throws PerdureError as `patiently`, or with the code with which the workflow refused it
 */
export async function update<Answer>(workflows: AgentWorkflows, agent: StoredAgent, call: UpdateCall): Promise<Answer> {
  const { signal, urgent = false, retryFull = true } = call
  const since = Date.now()
  const deadline = since + patienceOf(workflows)
  // Of a run that was ended before it answered, the same id would only give that it was.
  let ended = 0
  let full = false
  for (const pauseMs of pauses()) {
    try {
      const updateId = `${updateIdOf(call.name, call.id)}${ended === 0 ? '' : `/${ended}`}`
      const start = (): Promise<WorkflowUpdateHandle<Answer>> => begin<Answer>(workflows, agent, { ...call, updateId })
      const inTurn = (): Promise<WorkflowUpdateHandle<Answer>> => inLane(workflows.temporal, agent.key, () => handOver(workflows.temporal.connection, start, { agentId: agent.key, signal, deadline }))
      const accepted = await patiently(workflows, { agentId: agent.key, call: urgent ? start : inTurn, signal })
      return await abandonable(accepted.result(), signal)
    } catch (error) {
      const stuck = await stuckWorkflow(workflows.temporal, agent.key, error)
      if (stuck !== undefined) throw stuck
      const known = translated(error)
      // A workflow that somebody started by hand in the agent's place may have ended before it could take anything.
      if (isEndedMeanwhile(error) || (isUnhandled(error) && Date.now() < deadline)) ended += 1
      else if (isRunFull(known) && retryFull && Date.now() < deadline) full ||= await renewRun(workflows, agent.key)
      else if (!isTransient(error) && !(error instanceof WorkflowNotFoundError)) throw known
    }
    await sleep(pauseMs, undefined, signal && { signal })
  }
  throw new Error('unreachable: pauses never end')
}

const isRunFull = (error: unknown): boolean => PerdureError.isInstance(error) && error.code === 'run-full'

/** The workflow was ended by somebody after it had accepted the update. */
function isEndedMeanwhile(error: unknown): boolean {
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === 'AcceptedUpdateCompletedWorkflow'
}

/** A run that Temporal lets take no more updates can still be told to end. */
async function renewRun({ temporal }: AgentWorkflows, agentId: string): Promise<boolean> {
  return temporal.workflow.getHandle(workflowIdOf(agentId)).signal(handlerNames.renewSignal).then(
    () => true,
    () => false,
  )
}

/** Temporal stores the ids of updates as they are, also where it is given everything else encrypted; so what was asked for is not to be read in them. */
const updateIdOf = (name: string, id: string): string => `${name}/${createHash('sha256').update(id).digest('base64url').slice(0, 22)}`

async function begin<Answer>(
  workflows: AgentWorkflows,
  agent: StoredAgent,
  { name, input, updateId }: UpdateCall & { readonly updateId: string },
): Promise<WorkflowUpdateHandle<Answer>> {
  const { workflow } = workflows.temporal
  const { createdAt } = agent
  const options: { args: [OfAgent]; waitForStage: 'ACCEPTED'; updateId: string } = { args: [{ ...input, createdAt }], waitForStage: 'ACCEPTED', updateId }
  try {
    return await workflow.getHandle(workflowIdOf(agent.key)).startUpdate<Answer, [OfAgent]>(name, options)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
  const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(workflowType, startOptions(workflows, agent))
  return workflow.startUpdateWithStart<Workflow, Answer, [OfAgent]>(name, { ...options, startWorkflowOperation })
}

/** The answer of an update that came before, by its id, of the latest run; undefined where there is none. */
export async function earlierAnswer<Answer>({ temporal }: AgentWorkflows, agentId: string, { name, id }: { readonly name: string; readonly id: string }): Promise<Answer | undefined> {
  const handle = temporal.workflow.getHandle(workflowIdOf(agentId)).getUpdateHandle<Answer>(updateIdOf(name, id))
  return temporal.withDeadline(Date.now() + askingMs, () => handle.result()).catch(() => undefined)
}

/** Ends one run of the agent's workflow, for good; nothing where somebody was first. */
export async function terminate(workflows: AgentWorkflows, agentId: string, runId: string): Promise<void> {
  const handle = workflows.temporal.workflow.getHandle(workflowIdOf(agentId), runId)
  const call = () =>
    handle.terminate('no worker can replay its history; a new workflow goes on from the stores').catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error
    })
  await patiently(workflows, { agentId, call })
}

export async function signalWithStart(workflows: AgentWorkflows, agent: StoredAgent, name: string, args: readonly unknown[]): Promise<void> {
  const options = startOptions(workflows, agent)
  await patiently(workflows, { agentId: agent.key, call: () => workflows.temporal.workflow.signalWithStart(workflowType, { ...options, signal: name, signalArgs: [...args] }) })
}

function startOptions({ taskQueue }: AgentWorkflows, { key, definition, createdAt }: StoredAgent): WorkflowStartOptions & { workflowIdConflictPolicy: 'USE_EXISTING' } {
  const tenant = tenantOf(key)
  return {
    workflowId: workflowIdOf(key),
    taskQueue,
    workflowTaskTimeout: liveness.workflowTaskTimeoutMs,
    args: [initialState(key, controlSettingsOf(definition), createdAt)],
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { agent: definition.id, model: definition.model, contextWindow: definition.contextWindow },
    typedSearchAttributes: attributesOfAgent(key, { status: 'live', model: definition.model }),
    staticSummary: `agent ${definition.id}${tenant === undefined ? '' : ` of ${tenant}`}`,
  }
}
