import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import { messageOf } from '../protocol/errors.ts'
import type { AgentActivities } from '../protocol/activities.ts'
import type { ToolOutcome } from '../stores/claims.ts'
import { agentTools } from '../tools/agent-tools.ts'
import { parseCall } from '../tools/parse-call.ts'
import { policyDefaults, type Tool, type ToolContext } from '../tools/tool.ts'
import { editedCall } from './answered-call.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { heartbeating } from './heartbeating.ts'
import { untilStored } from './until-stored.ts'
import { failed, isOurs, runCall } from './run-call.ts'
import { seenByStep, toolContext } from './step-message.ts'

export const outcomeUnknown: ToolOutcome = {
  ok: false,
  text: 'outcome unknown: this call was begun and interrupted; it was not run a second time. Find out what it has done before you repeat it.',
}

/**
 * One call as an ordinary activity. Its outcome is put into the ledger of claims, for `settle` to record; the workflow learns
 * only that it is there.
 */
export function createCallTool(dependencies: ActivityDependencies): AgentActivities['callTool'] {
  return (input) =>
    heartbeating(dependencies, async ({ ending, unlessPaused }) => {
      const { memory } = dependencies.stores
      const { definition, message } = await seenByStep(dependencies, input)
      const call = message.calls?.[input.call]
      const edited = call && (await editedCall(memory, input, call))
      const tools = agentTools(dependencies.tools, definition)
      const parsed = edited && parseCall(edited, tools, tools.names)
      if (!parsed?.ok) throw ApplicationFailure.nonRetryable(parsed?.error ?? `step ${input.op} has no call ${input.call}`, 'tool-arguments')
      const signal = parsed.tool.policy.idempotent ? ending : unlessPaused
      const context = toolContext(dependencies, { step: input, call: input.call, definition, message, signal })

      const { info } = Context.current()
      // Activity ids begin anew with each run of the workflow, so the run is part of who claims.
      const owner = `${info.workflowExecution?.runId ?? ''}/${info.activityId}/${info.attempt}`
      dependencies.faultPoint('tool-begun')
      const claim = await memory.claims.claim({ agentId: input.agentId, op: context.op, owner })
      if (claim.outcome) return
      dependencies.faultPoint('tool-claimed')
      const interrupted = claim.owner !== owner && !parsed.tool.policy.idempotent
      const outcome = interrupted ? outcomeUnknown : await attempt({ tool: parsed.tool, args: parsed.args, context, uiText: dependencies.uiText })
      await untilStored(() => memory.claims.setOutcome({ agentId: input.agentId, op: context.op, owner, outcome }), signal)
      dependencies.faultPoint('tool-run')
    })
}

/**
 * A tool that may be repeated is, for as long as its policy says; the last attempt's error is its outcome. One that may not be
 * has its error as outcome at once. An error of ours is about the arguments: repeating would not mend it.
 */
async function attempt(options: {
  readonly tool: Tool
  readonly args: Record<string, unknown>
  readonly context: ToolContext
  readonly uiText: boolean
}): Promise<ToolOutcome> {
  const { tool, args, context, uiText } = options
  try {
    return await runCall(tool, args, context)
  } catch (error) {
    if (context.signal.aborted) throw new CancelledFailure('the call was cancelled')
    const last = Context.current().info.attempt >= (tool.policy.attempts ?? policyDefaults.attempts)
    if (last || !tool.policy.idempotent || isOurs(error)) return failed(error)
    // An error may quote its arguments, and what an attempt failed with stays in the history; the last one's goes to the store.
    throw ApplicationFailure.retryable(uiText ? messageOf(error) : `${tool.name} failed and is tried again`, 'tool-failed')
  }
}
