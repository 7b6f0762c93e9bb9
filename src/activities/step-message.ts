import { ApplicationFailure } from '@temporalio/activity'
import type { ToolInput } from '../protocol/activities.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { opOf } from '../protocol/ids.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { ToolContext } from '../tools/tool.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { agentOfStep, storedAgent, withToolsOfEvent } from './stored-agent.ts'

type StepRef = Omit<ToolInput, 'call'>

/** The step's assistant message, with the calls to run. */
export async function stepMessage({ stores }: ActivityDependencies, { agentId, op }: StepRef): Promise<StoredMessage> {
  const message = await stores.memory.messages.byOp(agentId, op)
  if (message) return message
  throw ApplicationFailure.nonRetryable(`step ${op} has no message in the store: was the store replaced by an older copy?`, 'activity-failed')
}

/** A call's step: its message, and the definition that it saw, with the tools that its event has brought. */
export async function seenByStep(dependencies: ActivityDependencies, input: StepRef): Promise<{ readonly definition: AgentDefinition; readonly message: StoredMessage }> {
  const { stores } = dependencies
  const [latest, message] = await Promise.all([storedAgent(stores, input.agentId), stepMessage(dependencies, input)])
  const { definition } = await withToolsOfEvent(stores.memory, await agentOfStep(stores, latest, message), input)
  return { definition, message }
}

export function toolContext(
  { stores, embedder }: ActivityDependencies,
  options: { readonly step: StepRef; readonly call: number; readonly definition: AgentDefinition; readonly message: StoredMessage; readonly signal: AbortSignal },
): ToolContext {
  const { step, call, definition, message, signal } = options
  const callId = message.calls?.[call]?.id
  return {
    agentId: step.agentId,
    definition,
    turn: step.turn,
    step: step.step,
    op: opOf.call(step.op, call),
    ...(callId !== undefined && { callId }),
    turnSeq: step.turnSeq,
    at: message.at,
    stores,
    embedder,
    signal,
  }
}
