import { workflowIdOf } from '../protocol/ids.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** Where an operator finds the workflow that an agent is. */
export interface AgentWorkflow {
  readonly workflowId: string
  readonly namespace: string
  readonly taskQueue: string
  /** In Temporal's Web UI: its latest run. Absent where this client was not told of a Web UI. */
  readonly url?: string
}

export function agentWorkflow({ temporal, taskQueue, temporalUi }: AgentWorkflows & { readonly temporalUi?: string }, key: string): AgentWorkflow {
  const { namespace } = temporal.options
  return { workflowId: workflowIdOf(key), namespace, taskQueue, ...(temporalUi !== undefined && { url: workflowAddress({ ui: temporalUi, namespace }, key) }) }
}

/** The page of an agent's workflow in a Web UI. */
export const workflowAddress = ({ ui, namespace }: { readonly ui: string; readonly namespace: string }, key: string): string =>
  `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowIdOf(key))}`
