import { limits } from './limits.ts'
import { PerdureError } from './errors.ts'

/** `a-z`, `0-9`, `-`, `_`, beginning with a letter or digit; 1 to 64 characters. */
export type AgentId = string

export const agentIdPattern = /^[a-z0-9][a-z0-9_-]*$/

/** @throws PerdureError `invalid-argument` */
export function assertAgentId(id: string): void {
  if (id.length <= limits.agentIdCharacters && agentIdPattern.test(id)) return
  throw new PerdureError(
    'invalid-argument',
    `agent id ${JSON.stringify(id.slice(0, 80))} is not usable: 1 to ${limits.agentIdCharacters} of a-z, 0-9, "-" and "_", beginning with a letter or digit`,
  )
}

const workflowPrefix = 'agent:'

export const workflowIdOf = (agentId: AgentId): string => workflowPrefix + agentId
export const agentIdOf = (workflowId: string): AgentId => workflowId.slice(workflowPrefix.length)

/** The task queue of agents' workflows, inferences and built-in tools. */
export const defaultTaskQueue = 'perdure'

/**
 * Names of effects: `agent/turn/step/call`. Every store writes under one of these with insert-if-absent, so that a repeated
 * attempt of an activity finds what an earlier one has done.
 */
export const opOf = {
  event: (agentId: AgentId, eventId: string): string => `${agentId}/event/${eventId}`,
  /** A message that the workflow itself put into the queue: an alert, a notice. */
  notice: (agentId: AgentId, seq: number): string => `${agentId}/notice/${seq}`,
  step: (agentId: AgentId, turn: number, step: number): string => `${agentId}/${turn}/${step}`,
  call: (stepOp: string, call: number): string => `${stepOp}/${call}`,
  /** `messages` recorded so far tells apart what a reopened agent, whose count of compactions starts anew, would repeat. */
  compaction: (agentId: AgentId, compaction: number, messages: number): string => `${agentId}/compaction/${compaction}-${messages}`,
  /** What a person has done to the agent's memory under an id. */
  person: (agentId: AgentId, commandId: string): string => `${agentId}/person/${commandId}`,
  command: (agentId: AgentId, commandId: string): string => `${agentId}/command/${commandId}`,
  /** What an operation is bound to at its first attempt, so that each later one goes by the same. */
  bound: (agentId: AgentId, what: 'asked' | 'version' | 'unchanged' | 'block', op: string): string => `${agentId}/bound-${what}/${op}`,
}
