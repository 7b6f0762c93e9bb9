import { setTimeout as sleep } from 'node:timers/promises'
import { WithStartWorkflowOperation, WorkflowNotFoundError, type WorkflowStartOptions, type WorkflowUpdateHandle } from '@temporalio/client'
import { TypedSearchAttributes, type Workflow } from '@temporalio/common'
import { controlSettingsOf } from '../protocol/definition.ts'
import { workflowType } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { liveness } from '../protocol/liveness.ts'
import { modelAttribute, statusAttribute } from '../protocol/search-attributes.ts'
import { initialState } from '../protocol/state.ts'
import type { StoredAgent } from '../stores/stores.ts'
import { abandonable, isTransient, patiently, pauses, translated } from './patiently.ts'
import { stuckWorkflow } from './stuck.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** Starts the agent's workflow unless it runs. */
export async function startAgent(workflows: AgentWorkflows, agent: StoredAgent): Promise<void> {
  await patiently(workflows, { agentId: agent.key, call: () => workflows.temporal.workflow.start(workflowType, startOptions(workflows, agent)) })
}

interface UpdateCall {
  readonly name: string
  readonly input?: unknown
  readonly signal?: AbortSignal | undefined
}

/**
 * An update of the agent's workflow. Where there is none (its history is gone, or somebody cancelled it) one is started, which
 * goes on from what the stores hold. It is accepted within `patienceMs`, or fails; its answer may then take as long as a turn does,
 * and is asked for anew where the server goes away meanwhile: every update of ours may be repeated.
 */
export async function update<Answer>(workflows: AgentWorkflows, agent: StoredAgent, call: UpdateCall): Promise<Answer> {
  const { signal } = call
  for (const pauseMs of pauses()) {
    const accepted = await patiently(workflows, { agentId: agent.key, call: () => begin<Answer>(workflows, agent, call), signal })
    try {
      return await abandonable(accepted.result(), signal)
    } catch (error) {
      const stuck = await stuckWorkflow(workflows.temporal, agent.key, error)
      if (stuck !== undefined) throw stuck
      if (!isTransient(error) && !(error instanceof WorkflowNotFoundError)) throw translated(error)
    }
    await sleep(pauseMs, undefined, signal && { signal })
  }
  throw new Error('unreachable: pauses never end')
}

async function begin<Answer>(workflows: AgentWorkflows, agent: StoredAgent, { name, input = {} }: UpdateCall): Promise<WorkflowUpdateHandle<Answer>> {
  const { workflow } = workflows.temporal
  const options: { args: [unknown]; waitForStage: 'ACCEPTED' } = { args: [input], waitForStage: 'ACCEPTED' }
  try {
    return await workflow.getHandle(workflowIdOf(agent.key)).startUpdate<Answer, [unknown]>(name, options)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
  const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(workflowType, startOptions(workflows, agent))
  return workflow.startUpdateWithStart<Workflow, Answer, [unknown]>(name, { ...options, startWorkflowOperation })
}

export async function signalWithStart(workflows: AgentWorkflows, agent: StoredAgent, name: string, args: unknown[]): Promise<void> {
  const options = startOptions(workflows, agent)
  await patiently(workflows, { agentId: agent.key, call: () => workflows.temporal.workflow.signalWithStart(workflowType, { ...options, signal: name, signalArgs: args }) })
}

export async function query<Answer>(workflows: AgentWorkflows, { key }: StoredAgent, name: string): Promise<Answer> {
  return patiently(workflows, { agentId: key, call: () => workflows.temporal.workflow.getHandle(workflowIdOf(key)).query<Answer>(name) })
}

function startOptions({ taskQueue }: AgentWorkflows, { key, definition }: StoredAgent): WorkflowStartOptions & { workflowIdConflictPolicy: 'USE_EXISTING' } {
  return {
    workflowId: workflowIdOf(key),
    taskQueue,
    workflowTaskTimeout: liveness.workflowTaskTimeoutMs,
    args: [initialState(key, controlSettingsOf(definition))],
    workflowIdConflictPolicy: 'USE_EXISTING',
    memo: { agent: definition.id, model: definition.model, contextWindow: definition.contextWindow },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: statusAttribute, value: 'live' },
      { key: modelAttribute, value: definition.model },
    ]),
    staticSummary: `agent ${definition.id}`,
  }
}
