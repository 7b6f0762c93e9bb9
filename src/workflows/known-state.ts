import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow'
import { PerdureError } from '../protocol/errors.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import type { AgentState } from '../protocol/state.ts'

/** The carried state's own version, apart from the stores'. Optional fields may come without a raise. */
export const stateSchema = 1 satisfies AgentState['schema']

/**
 * What a run starts with comes from a client, or from the run before it, and either may be of a newer version. Then this task fails and
 * is tried again, which lets a newer worker take it; the agent stays as it is.
 * @throws PerdureError `schema-newer`, which fails the task; ApplicationFailure `invalid-argument`, which fails the workflow: no version makes sense of it
 */
export function assertKnownState(state: unknown): asserts state is AgentState {
  const { schema, agentId, settings } = (typeof state === 'object' && state !== null ? state : {}) as Record<string, unknown>
  if (typeof schema !== 'number' || typeof agentId !== 'string' || (schema <= stateSchema && (typeof settings !== 'object' || settings === null))) {
    throw ApplicationFailure.nonRetryable('an agent is started by its client, with a state of its own; this is none', 'invalid-argument')
  }
  assertOwnWorkflow(agentId, workflowIdOf(agentId))
  if (schema <= stateSchema) return
  throw new PerdureError(
    'schema-newer',
    `schema-newer: agent ${agentId} carries a state of schema ${schema}, which a newer version of Perdure wrote; this worker knows schemas up to ${stateSchema}. ` +
      'It goes on where a worker of that version, or of a later one, takes it: start one',
  )
}

/**
 * The Web UI starts a workflow "like this one" under another id as readily as under its own. Two workflows of one agent would each take its
 * turns, and the one that no client knows would never end. Histories of before, and those that are replayed from a file, may have another id.
 * @throws ApplicationFailure `invalid-argument`, which fails the workflow
 */
export function assertOwnWorkflow(agentId: string, own: string): void {
  const { workflowId } = workflowInfo()
  if (workflowId === own || !patched('one-workflow')) return
  throw ApplicationFailure.nonRetryable(`the workflow of ${agentId} is ${own}, and this one, ${workflowId}, is none of it; a message to the agent starts its own where that does not run`, 'invalid-argument')
}
