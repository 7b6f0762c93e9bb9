import type { StoredMessage } from '../../../src/protocol/messages.ts'
import { expect } from 'vitest'
import { gather, type AuditedAgent, type Evidence } from './evidence.ts'
import { afterwardsText } from './model-of-moves.ts'
import { eventsOf, outOfOrder, type Sending } from './order.ts'
import { recordRecovery } from './recovery.ts'
import type { World } from './world.ts'

export const afterwardsId = 'afterwards'

export interface AuditOptions {
  /** Events that were accepted in a history that is gone, in their order. */
  readonly before?: readonly string[]
  /** Of senders at the same time, in the order in which it was written: then the order is judged by it, and not by the histories. */
  readonly log?: readonly Sending[]
}

/**
 * Sends one more message, reads stores and histories, and fails with every finding at once: it judges every column of the
 * table. Returns the evidence, for what one test asks beside.
 */
export async function audit(
  world: AuditedAgent & Pick<World, 'row' | 'strikes'> & Partial<Pick<World, 'successor'>>,
  sent: Readonly<Record<string, string>>,
  { before = [], log }: AuditOptions = {},
): Promise<Evidence> {
  const { end, detail } = await world.client.send(world.agentId, afterwardsText, { eventId: afterwardsId })
  const gathered = await gather(world, new Map([...Object.entries(sent), [afterwardsId, afterwardsText]]), detail === undefined ? end : `${end}: ${detail}`)
  const order = eventsOf(gathered.messages)
  const evidence = { ...gathered, accepted: log === undefined ? [...before, ...without(gathered.accepted, before)] : order }
  expect([...findings(evidence), ...outOfOrder(log ?? [], order)]).toEqual([])
  const seconds = world.strikes.recovery(evidence.turnEnds)
  if (world.row !== undefined && seconds !== undefined) recordRecovery({ row: world.row, successor: world.successor, seconds })
  return evidence
}

/** What is lost, doubled, out of order or unpaired: one sentence each; none for an agent to which nothing has happened that it did not survive. */
export function findings(evidence: Evidence): string[] {
  return checks.flatMap((check) => check(evidence))
}

/** Every event sent is in recall once, with its text, in the order of acceptance. */
function lostOrDoubledEvents({ sent, accepted, messages }: Evidence): string[] {
  const events = messages.flatMap(({ eventId, text }) => (eventId === undefined ? [] : [{ eventId, text }]))
  const order = events.map(({ eventId }) => eventId)
  return [
    ...[...sent].flatMap(([id, text]) => {
      const found = events.filter(({ eventId }) => eventId === id)
      if (found.length !== 1) return [`event ${id} is ${found.length} times in recall`]
      return found[0]?.text === text ? [] : [`event ${id} has another text in recall`]
    }),
    ...wrongOrder(accepted, order),
  ]
}

/** With what stands before the first difference and behind it: orders of a thousand events can't be read. */
function wrongOrder(accepted: readonly string[], order: readonly string[]): string[] {
  const differs = accepted.findIndex((id, index) => order[index] !== id)
  if (differs < 0 && order.length === accepted.length) return []
  const first = differs < 0 ? accepted.length : differs
  const around = (ids: readonly string[]): string => ids.slice(Math.max(0, first - 3), first + 7).join(', ')
  return [`events were accepted in the order …${around(accepted)}… and stand in recall as …${around(order)}…`]
}

function wrongPlaces({ messages }: Evidence): string[] {
  return [
    ...doubles(messages.map(({ op }) => op)).map((op) => `operation ${op} has several messages`),
    ...messages.flatMap(({ seq, op }, index) => (seq > (messages[index - 1]?.seq ?? 0) ? [] : [`message ${op} stands at ${seq}, not after the one before it`])),
  ]
}

/** Every call has its one result, directly after it and in the order of the calls; no result is without a call. */
function unpairedCalls({ messages }: Evidence): string[] {
  return pairing(messages, 'recall')
}

function unpairedContext({ context }: Evidence): string[] {
  return pairing(context, 'the context')
}

function pairing(messages: readonly StoredMessage[], where: string): string[] {
  const claimed = new Set<string>()
  const problems = messages.flatMap((message, index) =>
    (message.calls ?? []).flatMap((call, place) => {
      const result = messages[index + 1 + place]
      if (result?.role !== 'tool' || result.callId !== call.id || result.op !== `${message.op}/${place}`) return [`call ${message.op}/${place} has no result in its place in ${where}`]
      claimed.add(result.op)
      return []
    }),
  )
  const strays = messages.filter(({ role, op }) => role === 'tool' && !claimed.has(op))
  return [...problems, ...strays.map(({ op }) => `result ${op} has no call in ${where}`)]
}

/** Every event's turn has an end with a name, and names each reply of that turn once. */
function unendedTurns({ sent, turns, messages }: Evidence): string[] {
  return [...sent.keys()].flatMap((id) => {
    const outcome = turns.get(id)
    if (outcome === undefined) return [`the turn of event ${id} has no record`]
    if (outcome.end === 'parked') return [`the turn of event ${id} is parked: ${outcome.detail ?? ''}`]
    const turn = messages.find(({ eventId }) => eventId === id)?.turn
    if (outcome.turn !== turn) return [`event ${id} was handled in turn ${turn ?? 'none'}, its record is of turn ${outcome.turn}`]
    const replies = messages.filter((message) => message.turn === turn && message.reply !== undefined).map(({ seq }) => seq)
    return replies.join() === outcome.replies.join() ? [] : [`turn ${turn} sent the replies ${replies.join()} and its record names ${outcome.replies.join()}`]
  })
}

/** An effect that may not be repeated happened once where the model was told of success, and never twice. */
function wrongEffects({ effects, coins, messages }: Evidence): string[] {
  const reported = (tool: string): readonly string[] => messages.filter(({ toolName, ok }) => toolName === tool && ok === true).map(({ op }) => op)
  const missing = [...without(reported('ring_bell'), effects), ...without(reported('drop_coin'), coins)]
  return [
    ...doubles(effects).map((op) => `the effect of ${op} happened several times`),
    ...missing.map((op) => `${op} reports an effect that has not happened`),
    ...withoutCall([...effects, ...coins], messages).map((op) => `the effect of ${op} has no call in recall`),
  ]
}

function wrongBlockVersions({ blockVersions, messages }: Evidence): string[] {
  const edits = blockVersions.filter(({ version }) => version > 1).map(({ op }) => op)
  const appended = messages.filter(({ toolName, ok }) => toolName === 'core_memory_append' && ok === true).map(({ op }) => op)
  return [
    ...doubles(edits).map((op) => `the edit of ${op} is several versions`),
    ...appended.filter((op) => !edits.includes(op)).map((op) => `${op} reports an edit that no version has`),
    // What a command of a person writes is no call's.
    ...withoutCall(edits.filter((op) => !op.includes('/command/')), messages).map((op) => `the edit of ${op} has no call in recall`),
  ]
}

function wrongPassages({ passages, messages }: Evidence): string[] {
  const stored = passages.map(({ op }) => op.slice(0, op.lastIndexOf('/')))
  const inserted = messages.filter(({ toolName, ok }) => toolName === 'archival_memory_insert' && ok === true).map(({ op }) => op)
  return [
    ...doubles(stored).map((op) => `${op} has stored several passages`),
    ...doubles(passages.map(({ text }) => text)).map((text) => `the passage "${text}" is stored several times`),
    ...inserted.filter((op) => !stored.includes(op)).map((op) => `${op} reports a passage that is not stored`),
    ...withoutCall(stored, messages).map((op) => `the passage of ${op} has no call in recall`),
  ]
}

const wrongPrompts = ({ otherPrompts }: Evidence): string[] => otherPrompts.map((step) => `the prompt of a step, made again, is another one: ${step}`)

const unusable = ({ afterwards }: Evidence): string[] => (afterwards === 'completed' ? [] : [`a message sent afterwards ended as ${afterwards}`])

const failedTasks = ({ failedTasks: failed }: Evidence): string[] => failed.map((cause) => `a workflow task failed: ${cause}`)

const without = (names: readonly string[], others: readonly string[]): string[] => names.filter((name) => !others.includes(name))

const withoutCall = (ops: readonly string[], messages: readonly StoredMessage[]): string[] =>
  ops.filter((op) => !messages.some((message) => message.role === 'tool' && message.op === op))

const doubles = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]

const checks: readonly ((evidence: Evidence) => string[])[] = [
  lostOrDoubledEvents,
  wrongPlaces,
  unpairedCalls,
  unpairedContext,
  unendedTurns,
  wrongEffects,
  wrongBlockVersions,
  wrongPassages,
  wrongPrompts,
  unusable,
  failedTasks,
]
