import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { defaultPayloadConverter } from '@temporalio/common'
import proto, { type temporal } from '@temporalio/proto'
import { isUnknownRun } from '../../../src/client/indexed-runs.ts'
import { handlerNames } from '../../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { TurnOutcome } from '../../../src/protocol/turn.ts'
import type { Passage } from '../../../src/stores/archival.ts'
import type { BlockVersion } from '../../../src/stores/blocks.ts'
import type { World } from './world.ts'

type HistoryEvent = temporal.api.history.v1.IHistoryEvent
type History = temporal.api.history.v1.IHistory

const { WorkflowTaskFailedCause: causes } = proto.temporal.api.enums.v1
/**
 * Nothing is amiss: a signal came while the run was being ended, and the server has the task done again; or somebody reset or ended the
 * workflow while a worker had a task of it, which is written down as that task's failure.
 */
const harmless: readonly unknown[] = [
  causes.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  causes.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
  causes.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
]

/** All that an agent has left behind, in its stores, its histories and the world outside: what `findings` judges. */
export interface Evidence {
  /** Texts by event id, as the client sent them. */
  readonly sent: ReadonlyMap<string, string>
  /** Ids in the order in which the histories of all runs show them accepted for the first time. */
  readonly accepted: readonly string[]
  /** When each turn ended by Temporal's clock, epoch milliseconds. */
  readonly turnEnds: readonly number[]
  /** How the turn ended of a message that was sent when all was over. */
  readonly afterwards: string
  /** Workflow tasks that failed, by cause; those that a signal overtook, or somebody who ended the run, are none. */
  readonly failedTasks: readonly string[]
  readonly runs: number
  /** Recall memory, ascending. */
  readonly messages: readonly StoredMessage[]
  /** The workflow's queue, with the bodies. */
  readonly context: readonly StoredMessage[]
  readonly turns: ReadonlyMap<string, TurnOutcome>
  /** Operation ids of steps whose prompt, made again, is another one than the model had, with what is missing. */
  readonly otherPrompts: readonly string[]
  readonly blockVersions: readonly BlockVersion[]
  readonly passages: readonly Passage[]
  /** Operation ids, one for each time that an effect outside happened. */
  readonly effects: readonly string[]
  /** Operation ids of the effects outside that may be repeated, each once. */
  readonly coins: readonly string[]
}

/** What the evidence of one agent is read from. */
export type AuditedAgent = Pick<World, 'client' | 'temporal' | 'stores' | 'agentId' | 'effects' | 'coins'>

/**
 * @param afterwards how the turn ended of the message that was sent last of all
 * @param known histories, where not each run goes on from the one before
 */
export async function gather(world: AuditedAgent, sent: ReadonlyMap<string, string>, afterwards: string, known?: HistoryEvent[][]): Promise<Evidence> {
  const { client, stores, agentId } = world
  const histories = known ?? (await historiesOf(world))
  const events = histories.flat()
  const turns = new Map<string, TurnOutcome>()
  for (const eventId of sent.keys()) {
    const outcome = await stores.memory.turns.byEvent(agentId, eventId)
    if (outcome) turns.set(eventId, outcome)
  }
  const blocks = await client.blocks(agentId)
  const acceptedAt = acceptanceTimes(events)
  const messages = await stores.memory.messages.after(agentId, 0, 100_000)
  return {
    sent,
    accepted: [...acceptedAt.keys()],
    turnEnds: [...turns].flatMap(([eventId, { end, figures }]) => (end === 'parked' ? [] : [(acceptedAt.get(eventId) ?? NaN) + figures.latencyMs])),
    afterwards,
    failedTasks: events.flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
      failed && !harmless.includes(failed.cause) ? [`${failed.cause ?? ''} ${failed.failure?.message ?? ''}`] : [],
    ),
    runs: histories.length,
    messages,
    context: await client.context(agentId),
    turns,
    otherPrompts: await otherPromptsOf(world, messages),
    blockVersions: (await Promise.all(blocks.map(({ blockId }) => stores.memory.blocks.history(blockId, 10_000)))).flat(),
    passages: await stores.archival.list(agentId, 0, 10_000),
    effects: world.effects(),
    coins: world.coins(),
  }
}

/** Prompts that are looked at: a storm's steps are thousands. */
const latestPrompts = 100

async function otherPromptsOf({ client, agentId }: AuditedAgent, messages: readonly StoredMessage[]): Promise<readonly string[]> {
  const others: string[] = []
  for (const { op, turn, step } of messages.filter(({ context }) => context?.prompt !== undefined).slice(-latestPrompts)) {
    const { exact, missing } = await client.prompt(agentId, { turn, step })
    if (!exact) others.push([op, ...missing].join(', '))
  }
  return others
}

/** Of every run of the agent's workflow, the first one first. */
export async function historiesOf({ temporal: client, agentId }: Pick<AuditedAgent, 'temporal' | 'agentId'>): Promise<HistoryEvent[][]> {
  const histories: HistoryEvent[][] = []
  let runId: string | undefined
  do {
    const history = await client.workflow.getHandle(workflowIdOf(agentId), runId).fetchHistory()
    histories.unshift(history.events ?? [])
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? ''
  } while (runId !== '')
  return histories
}

/** Of every run that Temporal has of the agent, also where a run did not go on from the one before. */
export async function everyHistoryOf({ temporal: client, agentId }: Pick<AuditedAgent, 'temporal' | 'agentId'>): Promise<HistoryEvent[][]> {
  const histories: HistoryEvent[][] = []
  for await (const { workflowId, runId } of client.workflow.list({ query: `WorkflowId = "${workflowIdOf(agentId)}"` })) {
    histories.push((await historyUnlessGone(client, { workflowId, runId })).events ?? [])
  }
  return histories
}

/** A run that somebody has deleted is in the index a moment longer. */
async function historyUnlessGone(client: Client, { workflowId, runId }: { readonly workflowId: string; readonly runId: string }): Promise<History> {
  return client.workflow.getHandle(workflowId, runId).fetchHistory().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError || isUnknownRun(error)) return {}
    throw error
  })
}

/** When each event was accepted for the first time, in that order. */
function acceptanceTimes(entries: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const entry of entries) {
    for (const id of acceptedBy(entry)) if (!times.has(id)) times.set(id, Number(entry.eventTime?.seconds ?? 0) * 1_000 + (entry.eventTime?.nanos ?? 0) / 1e6)
  }
  return times
}

/** The id of the event that this entry of a history accepts. */
function acceptedBy(entry: HistoryEvent): string[] {
  const update = entry.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input
  const signal = entry.workflowExecutionSignaledEventAttributes
  if (update?.name === handlerNames.event) return [(first(update.args) as { event: { id: string } }).event.id]
  if (signal?.signalName === handlerNames.eventSignal) return [(first(signal.input) as { id: string }).id]
  return []
}

function first(payloads: temporal.api.common.v1.IPayloads | null | undefined): unknown {
  const [payload] = payloads?.payloads ?? []
  if (payload === undefined) throw new Error('an entry of the history has no arguments')
  return defaultPayloadConverter.fromPayload<unknown>(payload)
}
