import { afterEach, describe, expect, test, vi } from 'vitest'
import { sampleMessage, sampleOutcome, sampleVersion } from '../../stores/memory/samples.ts'
import { findings } from './audit.ts'
import type { Evidence } from './evidence.ts'
import { outOfOrder } from './order.ts'
import { Strikes } from './recovery.ts'

const event = sampleMessage('ada', 1, 'Hi', { eventId: 'hi', turn: 1 })
const calls = ['core_memory_append', 'ring_bell', 'archival_memory_insert', 'send_message'].map((name, index) => ({ id: `call-${index}`, name, arguments: '{}' }))
const asked = sampleMessage('ada', 2, '', { op: 'ada/1/1', role: 'assistant', turn: 1, calls })
const results = calls.map(({ id, name }, index) =>
  sampleMessage('ada', 3 + index, 'OK', { op: `ada/1/1/${index}`, role: 'tool', turn: 1, callId: id, toolName: name, ok: true, ...(index === 3 && { reply: 'Hello' }) }),
)
const messages = [event, asked, ...results]
const passage = { agentId: 'ada', op: 'ada/1/1/2/0', text: 'Ada likes engines.', tags: [], source: 'agent', at: event.at }

const sound: Evidence = {
  sent: new Map([['hi', 'Hi']]),
  accepted: ['hi'],
  turnEnds: [1_000],
  afterwards: 'completed',
  failedTasks: [],
  runs: 1,
  messages,
  context: messages,
  turns: new Map([['hi', sampleOutcome(1, { eventId: 'hi', replies: [6] })]]),
  otherPrompts: [],
  blockVersions: [sampleVersion('human', 2, 'Ada', { op: 'ada/1/1/0' }), sampleVersion('human', 1, '')],
  passages: [passage],
  effects: ['ada/1/1/1'],
  coins: [],
}

describe('the audit', () => {
  test('finds nothing where nothing was lost', () => {
    expect(findings(sound)).toEqual([])
  })

  const damages: readonly (readonly [what: string, damage: Partial<Evidence>, found: string])[] = [
    ['a lost event', { messages: messages.slice(1) }, 'event hi is 0 times in recall'],
    ['a doubled event', { messages: [event, { ...event, op: 'other', seq: 2 }, { ...asked, seq: 3 }] }, 'event hi is 2 times in recall'],
    ['events out of order', { accepted: ['first', 'hi'] }, 'events were accepted in the order …first, hi… and stand in recall as …hi…'],
    ['a call without its result', { messages: messages.filter(({ seq }) => seq !== 4) }, 'call ada/1/1/1 has no result in its place in recall'],
    ['a result without its call', { messages: messages.filter(({ seq }) => seq !== 2) }, 'result ada/1/1/0 has no call in recall'],
    ['a torn context', { context: messages.slice(2) }, 'result ada/1/1/0 has no call in the context'],
    ['two messages of one operation', { messages: [...messages, { ...asked, seq: 9 }] }, 'operation ada/1/1 has several messages'],
    ['a turn without an end', { turns: new Map() }, 'the turn of event hi has no record'],
    ['a turn that is still parked', { turns: new Map([['hi', sampleOutcome(1, { end: 'parked', detail: 'no credit' })]]) }, 'the turn of event hi is parked: no credit'],
    ['a reply that the record does not name', { turns: new Map([['hi', sampleOutcome(1, { replies: [] })]]) }, 'turn 1 sent the replies 6 and its record names '],
    ['an effect that happened twice', { effects: ['ada/1/1/1', 'ada/1/1/1'] }, 'the effect of ada/1/1/1 happened several times'],
    ['an effect that did not happen', { effects: [] }, 'ada/1/1/1 reports an effect that has not happened'],
    ['an effect that was never asked for', { coins: ['ada/9/9/9'] }, 'the effect of ada/9/9/9 has no call in recall'],
    ['a lost edit', { blockVersions: [] }, 'ada/1/1/0 reports an edit that no version has'],
    ['an edit made twice', { blockVersions: [...sound.blockVersions, sampleVersion('human', 3, 'Ada Ada', { op: 'ada/1/1/0' })] }, 'the edit of ada/1/1/0 is several versions'],
    ['a lost passage', { passages: [] }, 'ada/1/1/2 reports a passage that is not stored'],
    ['a passage stored twice', { passages: [passage, { ...passage, op: 'ada/1/1/2/1' }] }, 'ada/1/1/2 has stored several passages'],
    ['a prompt that is another one', { otherPrompts: ['ada/1/1'] }, 'the prompt of a step, made again, is another one: ada/1/1'],
    ['an agent that nobody can use', { afterwards: 'parked: no credit' }, 'a message sent afterwards ended as parked: no credit'],
    ['a failed workflow task', { failedTasks: ['nondeterminism'] }, 'a workflow task failed: nondeterminism'],
  ]
  test.for(damages)('sees %s', ([, damage, found]) => {
    expect(findings({ ...sound, ...damage })).toContain(found)
  })
})

describe('the order of messages whose senders send at the same time', () => {
  const log = (['sending first', 'sending second', 'accepted second', 'accepted first', 'sending third', 'accepted third'] as const).map((entry) => {
    const [what = '', eventId = ''] = entry.split(' ')
    return { what, eventId }
  })

  test('may be any one of those that were under way together', () => {
    expect(outOfOrder(log, ['first', 'second', 'third'])).toEqual([])
    expect(outOfOrder(log, ['second', 'first', 'third'])).toEqual([])
  })

  test('is wrong where a message stands before one that had been accepted when it was sent', () => {
    expect(outOfOrder(log, ['first', 'third', 'second'])).toEqual(['event third was sent after second had been accepted, and stands before it in recall'])
    expect(outOfOrder(log, ['third', 'second', 'first'])).toHaveLength(1)
  })
})

describe('the time to recover', () => {
  const strikesAt = (...times: readonly number[]): Strikes => {
    const strikes = new Strikes()
    for (const time of times) {
      vi.setSystemTime(time)
      strikes.strike()
    }
    return strikes
  }
  afterEach(() => vi.useRealTimers())

  test('goes from a fault to the end of the turn that it hit, the longest of several', () => {
    expect(strikesAt(1_000).recovery([500, 4_000, 9_000])).toBe(3)
    expect(strikesAt(1_000, 2_000).recovery([500, 4_000])).toBe(3)
    expect(strikesAt(1_000, 5_000).recovery([2_000, 9_500])).toBe(4.5)
    expect(strikesAt(1_000).recovery([500])).toBeUndefined()
  })
})
