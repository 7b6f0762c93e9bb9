import { expect, test } from 'vitest'
import { defaults } from '../../src/protocol/definition.ts'
import type { IncomingEvent } from '../../src/protocol/events.ts'
import { limits } from '../../src/protocol/limits.ts'
import { initialState, type AgentState } from '../../src/protocol/state.ts'
import type { TimerRequest } from '../../src/protocol/timers.ts'
import type { TurnOutcome } from '../../src/protocol/turn.ts'
import type { WaitingCall } from '../../src/protocol/waiting.ts'
import { rememberAnswer } from '../../src/workflows/agent/updates.ts'
import { accept, assertEvent, boundAwaited, remember } from '../../src/workflows/agent/mailbox.ts'
import { assertSchedulable, schedule } from '../../src/workflows/agent/timers.ts'
import { startTurn } from '../../src/workflows/agent/turn.ts'
import { beginWaiting } from '../../src/workflows/agent/waiting.ts'

/** What Temporal refuses, a payload of two megabytes, and what is left free below it for fields to come and for the encryption's frame. */
const temporalBytes = 2 * 1024 * 1024
const headRoom = 256 * 1024

const wide = (length: number): string => '語'.repeat(length)
const now = 1_790_000_000_000
const agentId = 'a'.repeat(limits.agentIdCharacters)
const figures = { steps: 10_000, promptTokens: 99_999_999, cachedTokens: 99_999_999, completionTokens: 99_999_999, costMicros: 99_999_999, unpriced: 9_999, latencyMs: 99_999_999, waitedMs: 99_999_999 }

/** Puts in whatever is still taken. */
function fill<Thing>(things: Iterable<Thing>, put: (thing: Thing) => void): void {
  for (const thing of things) {
    try {
      put(thing)
    } catch {
      return
    }
  }
}

const eventOf = (index: number, text: string): IncomingEvent => ({ id: `${wide(limits.eventIdCharacters - 6)}${100_000 + index}`, kind: 'system-message', bytes: 1, ...(text !== '' && { text }) })

function fullState(textOfEvents: string): AgentState {
  const state = initialState(agentId, {
    model: wide(limits.modelNameCharacters),
    contextWindow: 10_000_000,
    pressure: defaults.pressure,
    budget: { ...defaults.budget, costMicros: 999_999_999 },
    agentBudget: { tokens: 999_999_999, costMicros: 999_999_999 },
  })
  state.opened = true
  const calls: WaitingCall[] = Array.from({ length: limits.callsPerStep }, (_, index) => ({
    op: `${agentId}/1000000/10000/${index}`,
    name: 'n'.repeat(64),
    for: 'approval',
    since: now,
    until: now,
    edit: 'e'.repeat(16),
  }))
  const outcome = (turn: number): TurnOutcome => ({
    turn: 1_000_000 + turn,
    eventId: eventOf(turn, '').id,
    end: 'stopped',
    reason: 'malformed-calls',
    // Of an end that is none of a park, whose reason may be a provider's: sentences of our own.
    detail: wide(300),
    // Steps end whole: the last one may send as many as a step has calls.
    replies: Array.from({ length: limits.repliesPerTurn + limits.callsPerStep }, (_, index) => 100_000_000 + index),
    figures,
  })
  for (let turn = 0; turn < 300; turn += 1) remember(state, outcome(turn))
  state.running = startTurn(state, { event: eventOf(0, 'x'.repeat(limits.eventTextBytes)), acceptedAt: now }, now)
  state.running.replies = [...outcome(0).replies]
  state.running.waiting = beginWaiting(
    {
      outcome: 'stored',
      recorded: [1],
      tokens: 1,
      calls: calls.map(({ name }) => ({ name, heartbeat: true, wellFormed: true, activity: { taskQueue: 'q'.repeat(200), timeoutMs: 1, attempts: 1, startWithinMs: 1 }, waits: { approval: 1, client: 1 } })),
      digest: 'd'.repeat(10),
      usage: figures,
      sections: { instructions: 1, tools: 1, coreMemory: 1, statistics: 1 },
      calibration: 1,
      blockVersions: {},
    },
    now,
  )
  state.parked = { reason: 'approval', detail: wide(2_000), since: now, retryAt: now, calls }
  state.answered = Array.from({ length: 100 }, (_, index) => [`${agentId}/1000000/10000/${index}`, `result ${'i'.repeat(64)}`] as const)
  state.blockVersions = Object.fromEntries(Array.from({ length: limits.blocks }, (_, index) => [`${'l'.repeat(46)}${1_000 + index}`, 1_000_000]))
  state.queue = Array.from({ length: limits.queueMessages + 2 * limits.callsPerStep }, (_, index) => [100_000_000 + index, 999_999, 10_000_000, 1] as const)
  fill(
    Array.from({ length: limits.timers + 1 }, (_, index): TimerRequest => ({ id: `${'t'.repeat(60)}${1_000 + index}`, at: now, everyMs: 1_000, times: 9_999_999, bytes: 1, text: wide(200) })),
    (timer) => {
      assertSchedulable(timer, state)
      schedule(state, timer)
    },
  )
  fill(
    Array.from({ length: limits.mailboxEvents + 1 }, (_, index) => eventOf(1 + index, textOfEvents)),
    (event) => {
      const after = { ...event, after: `${wide(limits.eventIdCharacters - 6)}${300_000 + state.mailbox.length}` }
      assertEvent(after, state)
      accept(state, after, now)
    },
  )
  for (let command = 0; command < 100; command += 1) rememberAnswer(state, `${'c'.repeat(120)}${command}`, `save ${'n'.repeat(64)}`, { status: 'refused', code: 'server-unavailable', detail: wide(2_000) })
  state.waitingCommands = Array.from({ length: 25 }, (_, index) => ({ id: `${'c'.repeat(120)}${index}`, command: { type: 'save', name: 'n'.repeat(64) } }))
  boundAwaited(state)
  return state
}

test.each([
  ['of the longest ids', ''],
  ['with texts that their senders had no store for', 'x'.repeat(20_000)],
])('a state that is full to every limit, with a mailbox %s, fits a payload of Temporal with room to spare [pressure:continue-as-new, mailbox:durable]', (_, text) => {
  const bytes = Buffer.byteLength(JSON.stringify(fullState(text)))
  expect(bytes).toBeLessThan(temporalBytes - headRoom)
  // The test would show nothing if its state were small.
  expect(bytes).toBeGreaterThan(limits.mailboxBytes + 300_000)
})
