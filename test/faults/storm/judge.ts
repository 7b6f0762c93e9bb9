import { messageOf } from '../../../src/protocol/errors.ts'
import { afterwardsId, findings } from '../support/audit.ts'
import { readCoins, readEffects } from '../support/effect-tools.ts'
import { everyHistoryOf, gather, type Evidence } from '../support/evidence.ts'
import { afterwardsText } from '../support/model-of-moves.ts'
import { eventsOf, outOfOrder } from '../support/order.ts'
import type { Cast } from './bring-up.ts'
import { readLog, unanswered, type LogEntry } from './client-log.ts'
import type { StrikeKind } from './schedule.ts'

/** What went through a storm. */
export interface StormCounts {
  readonly strikes: Readonly<Partial<Record<StrikeKind, number>>>
  /** Processes that ended by themselves. */
  readonly crashes: number
  readonly messages: number
  readonly turns: Readonly<Record<string, number>>
  readonly steps: number
  readonly calls: number
  readonly effects: number
  readonly unknownOutcomes: number
  readonly edits: number
  readonly passages: number
  readonly compactions: number
  readonly continuedAsNew: number
  readonly cancels: number
  readonly approved: number
  readonly refused: number
  /** Times that a client was told that a server is away. */
  readonly away: number
}

interface Judged {
  readonly counts: Omit<StormCounts, 'strikes' | 'crashes'>
  readonly findings: readonly string[]
}

const audited = 4

/** Audits every agent of a storm, its one more message included. */
export async function judge(options: Pick<Cast, 'client' | 'temporal' | 'stores' | 'agents' | 'log' | 'effectsFile'>): Promise<Judged> {
  const log = readLog(options.log)
  const queue = [...options.agents]
  const found: string[] = [
    ...log.filter(({ what }) => what === 'error').map(({ agentId, eventId, text }) => `a sender of ${agentId}/${eventId} got: ${text}`),
    ...unanswered(log).map(({ agentId, eventId }) => `nobody was told the end of ${agentId}/${eventId}`),
  ]
  const evidences: Evidence[] = []
  const counters: { readonly steps: number; readonly compactions: number; readonly continuedAsNew: number }[] = []
  const ofAgent = async (agentId: string): Promise<void> => {
    const sent = new Map(log.filter((entry) => entry.what === 'sending' && entry.agentId === agentId).map(({ eventId, text }) => [eventId, text]))
    const own = (ops: readonly string[]) => ops.filter((op) => op.startsWith(`${agentId}/`))
    const { end, detail } = await options.client.send(agentId, afterwardsText, { eventId: afterwardsId })
    // Read when the agent has answered: its latest turns may have ended only then.
    const audited = { ...options, agentId, effects: () => own(readEffects(options.effectsFile)), coins: () => own(readCoins(options.effectsFile)) }
    const gathered = await gather(audited, new Map([...sent, [afterwardsId, afterwardsText]]), detail === undefined ? end : `${end}: ${detail}`, await everyHistoryOf(audited))
    const order = eventsOf(gathered.messages)
    // Histories that were deleted tell nothing of the order; the senders do.
    const evidence = { ...gathered, accepted: order }
    evidences.push(evidence)
    const ownLog = log.filter((entry) => entry.agentId === agentId)
    const { counters: counted, parked } = await options.client.state(agentId)
    counters.push(counted)
    const pending = await options.stores.memory.events.pending(agentId, 1_000)
    const problems = [
      ...findings(evidence),
      ...outOfOrder(ownLog, order),
      ...wrongAnswers(ownLog, evidence),
      ...(parked === undefined ? [] : [`it is parked: ${parked.reason}`]),
      ...pending.map(({ eventId }) => `event ${eventId} is pending still`),
    ]
    found.push(...problems.map((finding) => `${agentId}: ${finding}`))
  }
  const auditor = async (): Promise<void> => {
    for (let agentId = queue.shift(); agentId !== undefined; agentId = queue.shift()) {
      await ofAgent(agentId).catch((error: unknown) => found.push(`the audit of an agent failed: ${messageOf(error)}`))
    }
  }
  await Promise.all(Array.from({ length: audited }, auditor))
  return { counts: countsOf(log, evidences, counters), findings: found }
}

const answersOf = (log: readonly LogEntry[], answer: 'approve' | 'refuse'): readonly string[] => [...new Set(log.filter(({ what }) => what === answer).map(({ eventId }) => eventId))]

/** What was refused has no effect; what was approved is not reported as refused. */
function wrongAnswers(log: readonly LogEntry[], { messages, effects, coins }: Evidence): string[] {
  const happened = new Set([...effects, ...coins])
  const results = new Map(messages.flatMap(({ op, role, ok, text }) => (role === 'tool' ? [[op, { ok, text }] as const] : [])))
  return [
    ...answersOf(log, 'refuse').flatMap((op) => (happened.has(op) || results.get(op)?.ok === true ? [`${op} was refused, and done`] : [])),
    ...answersOf(log, 'approve').flatMap((op) => (results.get(op)?.text.startsWith('refused by') === true ? [`${op} was approved, and is reported as refused`] : [])),
  ]
}

function countsOf(
  log: readonly LogEntry[],
  evidences: readonly Evidence[],
  counters: readonly { readonly steps: number; readonly compactions: number; readonly continuedAsNew: number }[],
): Judged['counts'] {
  const sum = (numberOf: (evidence: Evidence) => number): number => evidences.reduce((total, evidence) => total + numberOf(evidence), 0)
  const total = (name: 'steps' | 'compactions' | 'continuedAsNew'): number => counters.reduce((all, own) => all + own[name], 0)
  const turns: Record<string, number> = {}
  for (const { end } of evidences.flatMap((evidence) => [...evidence.turns.values()])) turns[end] = (turns[end] ?? 0) + 1
  return {
    messages: sum(({ sent }) => sent.size),
    turns,
    steps: total('steps'),
    calls: sum(({ messages }) => messages.filter(({ role }) => role === 'tool').length),
    effects: sum(({ effects, coins }) => effects.length + coins.length),
    unknownOutcomes: sum(({ messages }) => messages.filter(({ role, text }) => role === 'tool' && text.startsWith('outcome unknown')).length),
    edits: sum(({ blockVersions }) => blockVersions.filter(({ version }) => version > 1).length),
    passages: sum(({ passages }) => passages.length),
    compactions: total('compactions'),
    continuedAsNew: total('continuedAsNew'),
    approved: answersOf(log, 'approve').length,
    refused: answersOf(log, 'refuse').length,
    cancels: log.filter(({ what, text }) => what === 'cancel' && text === 'true').length,
    away: log.filter(({ what }) => what === 'away').length,
  }
}
