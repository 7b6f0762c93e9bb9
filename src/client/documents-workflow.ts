import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { documentsWorkflowIdOf, documentsWorkflowType, wakeSignal, type DocumentsProgress, type Wake } from '../protocol/documents.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { patiently } from './patiently.ts'
import { shownOfHelper } from './shown-of-helper.ts'

interface Waking {
  readonly agentId: string
  readonly more: boolean
  readonly signal: AbortSignal | undefined
}

/** Starts the agent's documents workflow, or tells the one that runs. */
export async function wakeDocuments(workflows: AgentWorkflows, { agentId, more, signal }: Waking): Promise<void> {
  const signalArgs: [Wake] = [{ more }]
  const call = () => workflows.temporal.workflow.signalWithStart(documentsWorkflowType, { ...startOptions(workflows, { agentId, more }), signal: wakeSignal, signalArgs })
  await patiently(workflows, { agentId, call, signal })
}

/**
 * Starts it where it does not run, however it ended: it goes on with all that waits in the stores. One that runs is told nothing, as only
 * whoever gives documents over knows whether there are more.
 */
export async function startDocuments(workflows: AgentWorkflows, agentId: string): Promise<'started' | 'well'> {
  const call = () =>
    workflows.temporal.workflow.start(documentsWorkflowType, startOptions(workflows, { agentId, more: false })).then(
      () => 'started' as const,
      (error: unknown) => {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'well' as const
        throw error
      },
    )
  return patiently(workflows, { agentId, call })
}

function startOptions({ taskQueue }: AgentWorkflows, { agentId, more }: Omit<Waking, 'signal'>) {
  const begin: DocumentsProgress = { agentId, loaded: 0, failed: 0, removed: 0, passages: 0, more, told: 0 }
  return {
    workflowId: documentsWorkflowIdOf(agentId),
    taskQueue,
    args: [begin] as [DocumentsProgress],
    ...shownOfHelper(agentId, 'documents of'),
  }
}
