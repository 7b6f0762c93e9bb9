import type { AgentActivities, OpenResult } from '../../protocol/activities.ts'
import type { QueueEntry } from '../../protocol/context.ts'
import { limits } from '../../protocol/limits.ts'
import { roomIn } from '../../protocol/mailbox-room.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { QueuedEvent } from '../../protocol/state.ts'
import type { DefinitionVersion } from '../../stores/definitions.ts'
import { spentBy } from '../../stores/spent.ts'
import type { StoredAgent } from '../../stores/agents.ts'
import type { PendingEvent } from '../../stores/events.ts'
import type { MessageStore } from '../../stores/messages.ts'
import type { MemoryStore } from '../../stores/stores.ts'
import { latestDefinition } from '../../stores/write-definition.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { tokensOfMessage } from '../../prompt/message-tokens.ts'
import { createCheckEdit } from '../check-edit.ts'
import { inForceOf, storedAgent } from '../stored-agent.ts'
import { countedSoFar } from './counted-so-far.ts'
import { timersLeft } from './timers-left.ts'
import { turnInProgress, type Fits, type TurnInProgress } from './turn-in-progress.ts'

/** Messages looked at when a queue is rebuilt. */
const usuallyLookedAt = 200

/**
 * What the stores know of an agent whose workflow starts, or was reset: nothing for a new agent. Where an earlier workflow's history is
 * gone (terminated, deleted, past its retention, another Temporal server) the agent goes on with its latest messages and summary, takes up
 * the turn that was in progress, and all events and timers that wait.
 */
export function createOpen(dependencies: ActivityDependencies): AgentActivities['open'] {
  const { stores, faultPoint, leaves } = dependencies
  const { memory } = stores
  const checkEdit = createCheckEdit(dependencies)
  return async ({ agentId, queueTokens, spending, inForce: known }): Promise<OpenResult | null> => {
    if (await memory.agents.wasDeleted(agentId)) return null
    const agent = await storedAgent(stores, agentId)
    if (agent.deletingAt !== undefined) return { queue: [], messages: 0, nextSeq: 1, nextTurn: 1, deleting: true }
    if (agent.archivedAt !== undefined) return null
    const definition = await inForce(memory, agent)
    const [stored, newest, summary, ended, pending, timers] = await Promise.all([
      memory.messages.count(agentId),
      newestMessages(memory.messages, agentId),
      memory.summaries.latest(agentId),
      memory.turns.latestEnded(agentId),
      memory.events.pending(agentId, limits.mailboxEvents),
      timersLeft(memory, agentId),
    ])
    const last = newest[0]
    const fits: Fits = async (edited) => (await checkEdit(edited)).problem === undefined
    const turn = await turnInProgress(memory, { agentId, newest, ended: ended?.outcome.turn ?? 0, fits })
    if (turn?.left && last !== undefined) await memory.messages.markPopped(agentId, [[turn.running.eventSeq, last.seq]])
    const before = newest.filter(({ seq }) => seq < (turn?.from ?? Infinity))
    const mailbox = whatFits(pending.filter(({ eventId }) => eventId !== turn?.running.event.id).map(queued))
    const counters = await countedSoFar(memory, { agentId, ended, turn, summary })
    const spent = spending === true && counters.promptTokens === undefined ? await spentBy(memory, agentId) : undefined
    const queue = queueOf(before.map((message) => counted(message, definition.definition.contextWindow)), { maxTokens: queueTokens, turn })
    const left = queue[0] === undefined ? (before[0]?.seq ?? 0) : queue[0][0] - 1
    if (left > 0) await leaves?.(agentId, left)
    faultPoint('opened')
    return {
      queue,
      ...(summary && { summary: { op: summary.op, tokens: summary.tokens } }),
      messages: stored - (newest.length - before.length),
      // Room for results of a step whose message is stored and whose results are not.
      nextSeq: last === undefined ? 1 : last.seq + 1 + (last.calls?.length ?? 0),
      nextTurn: Math.max(last?.turn ?? 0, ended?.outcome.turn ?? 0) + 1,
      ...(last && { newestSeq: last.seq }),
      definition: await inForceOf(memory, definition, known),
      ...(Object.keys(counters).length > 0 && { counters }),
      ...(spent && { spent }),
      ...(turn && { running: turn.running }),
      ...(turn?.cancelled && { cancelled: true }),
      ...(mailbox.length > 0 && { mailbox }),
      allWaiting: true,
      ...(timers !== undefined && timers.length > 0 && { timers }),
      ...(timers !== undefined && { timersKept: true as const }),
    }
  }
}

/** The latest messages, newest first; so many that the latest turn is whole among them. */
async function newestMessages(messages: MessageStore, agentId: string): Promise<readonly StoredMessage[]> {
  for (let limit = usuallyLookedAt; ; limit *= 2) {
    const { messages: newest } = await messages.search(agentId, { order: 'newest', offset: 0, limit })
    const turn = newest[0]?.turn ?? 0
    if (newest.length < limit || newest.some((message) => message.turn !== turn)) return newest
  }
}

/** A change that was stored, and of which nobody has learnt, is in force from now on. */
async function inForce(memory: MemoryStore, agent: StoredAgent): Promise<DefinitionVersion> {
  const latest = await latestDefinition(memory, agent)
  if (latest.version > 1) await memory.agents.define(agent.key, latest.version, latest.definition)
  return latest
}

function queued({ eventId, kind, bytes, since, tools }: PendingEvent): QueuedEvent {
  return { event: { id: eventId, kind, bytes, ...(tools && { tools }) }, acceptedAt: Date.parse(since) }
}

/** The first of them, as many as a mailbox holds: all could be more than Temporal takes of an answer, and ends the workflow over. Those behind stay pending in the stores. */
function whatFits(waiting: readonly QueuedEvent[]): readonly QueuedEvent[] {
  const hasRoom = roomIn([])
  const beyond = waiting.findIndex(({ event }) => !hasRoom(event))
  return beyond === -1 ? waiting : waiting.slice(0, beyond)
}

/** A message that came by an import has not been counted yet. */
function counted(message: StoredMessage, contextWindow: number): StoredMessage {
  return message.tokens > 0 ? message : { ...message, tokens: tokensOfMessage(message, contextWindow) }
}

/**
 * The latest messages that fit, oldest first, beginning with a message that is no call's result. Those of the turn in progress are all
 * among them, as they were in the context when it was interrupted, unless it has left it.
 */
function queueOf(newest: readonly StoredMessage[], { maxTokens, turn }: { readonly maxTokens: number; readonly turn: TurnInProgress | undefined }): QueueEntry[] {
  const fitting: StoredMessage[] = []
  let tokens = 0
  for (const message of newest) {
    const isOfTurn = message.turn === turn?.running.turn
    if (message.popped || (isOfTurn && turn.left)) continue
    tokens += message.tokens
    if (tokens > maxTokens && !isOfTurn) break
    fitting.unshift(message)
  }
  const first = fitting.findIndex(({ role }) => role !== 'tool')
  return fitting.slice(Math.max(0, first)).map(({ seq, tokens: size, turn: of, role }) => [seq, size, of, role === 'tool' ? 1 : 0])
}
