import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
  type LocalActivityOptions,
} from '@temporalio/workflow'
import type { AgentActivities } from '../../protocol/activities.ts'
import type { CallRef } from '../../protocol/inference.ts'
import type { StepCause } from '../../protocol/context.ts'
import { liveness } from '../../protocol/liveness.ts'
import { defaultStartWithinMs } from '../../protocol/waiting.ts'
import { oneByOne } from './one-by-one.ts'
import type { StepPorts } from './step-ports.ts'

/** Attempts after which the agent parks; the waits between them come to about twenty seconds, or what the provider asks for. */
const modelAttempts = 5

const model = proxyActivities<Pick<AgentActivities, 'infer' | 'compact'>>({
  // The worker bounds each request by PERDURE_REQUEST_SECONDS; a summary may take several.
  startToCloseTimeout: '12 hours',
  // A dead worker is noticed after this, whatever the model takes.
  heartbeatTimeout: liveness.heartbeatTimeoutMs,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: liveness.firstRetryMs, backoffCoefficient: 4, maximumInterval: '1 minute', maximumAttempts: modelAttempts },
})

/**
 * Short work on the agent's own stores. While it is tried it costs 21 events a minute. So where a store stays away it gives up, 13 seconds
 * of pauses later, and the agent parks, which costs none; all of it is idempotent, and is done again when the store is back. It is bounded
 * by attempts, as the SDK does not look at `scheduleToCloseTimeout` between two of them.
 */
const localOptions = {
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds', maximumAttempts: 8 },
} satisfies LocalActivityOptions

/** Deleting goes through all that is stored of an agent. */
const eraseOptions = { ...localOptions, startToCloseTimeout: '5 minutes' } satisfies LocalActivityOptions

const local = proxyLocalActivities<Pick<AgentActivities, 'settle' | 'checkEdit' | 'endTurn' | 'runCommand' | 'open' | 'keepTimers' | 'keepEvent'>>(localOptions)

const tools = proxyActivities<Pick<AgentActivities, 'callTool'>>({ startToCloseTimeout: '1 minute' })

/** Tried again by the server for as long as it takes: attempts that failed are not in the history. */
const stores = proxyActivities<Pick<AgentActivities, 'awaitStores'>>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
})

export const { compact } = model
export const { awaitStores } = stores

export const checkEdit: AgentActivities['checkEdit'] = (input) => oneByOne(() => local.checkEdit(input))
export const endTurn: AgentActivities['endTurn'] = (input) => oneByOne(() => local.endTurn(input))
export const open: AgentActivities['open'] = (input) => oneByOne(() => local.open(input))
export const keepEvent: AgentActivities['keepEvent'] = (input) => oneByOne(() => local.keepEvent(input))

/** @param timers as they are when the turn of this activity has come */
export const keepTimers = (agentId: string, timers: () => Parameters<AgentActivities['keepTimers']>[0]['timers']): Promise<void> =>
  oneByOne(() => local.keepTimers({ agentId, timers: timers() }))

export const runCommand: AgentActivities['runCommand'] = (input) =>
  oneByOne(() => (input.command.type === 'archive' ? local.runCommand.executeWithOptions(eraseOptions, [input]) : local.runCommand(input)))

export function stepPorts(summary: { turn: number; step: number; cause: StepCause }, doing: (what: string) => void): StepPorts {
  const name = `turn ${summary.turn}, step ${summary.step}`
  return {
    infer: (input) => {
      doing('thinking')
      return model.infer.executeWithOptions({ summary: `${name}: think (${summary.cause})` }, [input])
    },
    callTool: (input, { name: tool, activity }) => {
      doing(`running ${tool}`)
      return tools.callTool.executeWithOptions(toolOptions(activity, `${name}: ${tool}`), [input])
    },
    settle: (input, calls) => {
      const names = calls.length === 0 ? 'nothing was called' : calls.map((call) => call.name).join(', ')
      const options = { ...localOptions, summary: `${name}: record ${names}`.slice(0, 120) }
      return CancellationScope.nonCancellable(() => oneByOne(() => local.settle.executeWithOptions(options, [input])))
    },
    now: () => Date.now(),
    isCancellation,
    describeFailure: (error) => {
      const cause = error instanceof ActivityFailure ? error.cause : error
      if (cause instanceof ApplicationFailure) return cause.message
      if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return 'no worker that can run this tool took the call in time: is one running?'
      return `the tool did not finish: ${cause instanceof Error ? cause.message : String(cause)}`
    },
  }
}

function toolOptions(activity: NonNullable<CallRef['activity']>, summary: string): Parameters<typeof tools.callTool.executeWithOptions>[0] {
  return {
    summary,
    startToCloseTimeout: activity.timeoutMs,
    scheduleToStartTimeout: activity.startWithinMs ?? defaultStartWithinMs,
    heartbeatTimeout: liveness.heartbeatTimeoutMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: liveness.firstRetryMs, backoffCoefficient: 4, maximumInterval: '30 seconds', maximumAttempts: activity.attempts },
    ...(activity.taskQueue && { taskQueue: activity.taskQueue }),
  }
}
