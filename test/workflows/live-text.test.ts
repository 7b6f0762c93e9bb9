import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { TextDelta, TurnEvent } from '../../src/protocol/turn-event.ts'
import { noLiveMark, type LiveStore } from '../../src/stores/live.ts'
import { startAgents, type Agents, type AgentsOptions } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { historyText } from '../support/history-text.ts'
import { slowModel } from '../support/slow-model.ts'

let agents: Agents
afterEach(() => agents.close())

async function begin(model: ChatModel, { approval = [], ...more }: Partial<AgentsOptions> & { readonly approval?: readonly string[] } = {}): Promise<Agents> {
  shown = 0
  agents = await startAgents({ model, ...more })
  await agents.client.create({ id: agents.agentId, model: 'slow', tools: ['send_message'], approval: [...approval] })
  return agents
}

/** Characters of the present attempt that one who watches has seen: models wait for it, however slow the machine is. */
let shown = 0

async function turnOf(watched: AsyncIterable<TurnEvent>): Promise<readonly TurnEvent[]> {
  const events: TurnEvent[] = []
  let own = 0
  for await (const event of watched) {
    events.push(event)
    if (event.type === 'reset') own = 0
    if (event.type === 'delta') shown = own += event.text.length
    if (event.type === 'end' || event.type === 'parked') break
  }
  return events
}

const deltas = (events: readonly TurnEvent[]): readonly TextDelta[] => events.filter((event) => event.type === 'delta')
/** As somebody sees it who starts anew at each reset. */
const textOf = (events: readonly TurnEvent[], kind: TextDelta['kind']): string =>
  deltas(events.slice(events.findLastIndex(({ type }) => type === 'reset') + 1)).filter((delta) => delta.kind === kind).map(({ text }) => text).join('')
const messagesOf = (events: readonly TurnEvent[]): readonly StoredMessage[] => events.flatMap((event) => (event.type === 'message' ? [event.message] : []))

const message = 'Good "morning", Ada: 😀 ünd\n\nhow are you today? \\o/ '
const thoughts = 'She sounds cheerful. I will be brief.'
/** All thoughts, and the beginning of the reply. */
const seenSome = (): boolean => shown >= thoughts.length + 12

describe('text as the model writes it', () => {
  test('is seen before it is stored, and is the beginning of what is stored [live:text live:watch]', async () => {
    const { client, agentId } = await begin(slowModel([{ thoughts, message, until: seenSome }]))
    const [early, alsoEarly] = [client.watch(agentId), client.watch(agentId)].map(turnOf)
    await client.send(agentId, 'Good morning!')
    const events = await (early ?? [])
    const [, written, sent] = messagesOf(events)
    expect(sent?.reply).toBe(message.trim())
    expect(message.trim().startsWith(textOf(events, 'text'))).toBe(true)
    expect(textOf(events, 'text').length).toBeGreaterThan(10)
    expect(textOf(events, 'thoughts')).toBe(thoughts)
    expect(deltas(events).every(({ seq, callId }) => seq === written?.seq && callId === written.calls?.[0]?.id)).toBe(true)
    expect(deltas(events).map(({ n }) => n)).toEqual(deltas(events).map((_, index) => index + 1))
    const last = events.findLastIndex(({ type }) => type === 'delta')
    expect(events.findIndex(({ type }) => type === 'step')).toBe(2)
    expect(events.findIndex((event) => event.type === 'message' && event.seq === written?.seq)).toBeGreaterThan(last)
    expect(await alsoEarly).toEqual(events)
  })

  test('is seen by one who comes in the middle, from its beginning, or from any delta on [live:text live:watch]', async () => {
    const { client, agentId } = await begin(slowModel([{ thoughts, message, until: seenSome }]))
    const first = client.watch(agentId)
    void client.post(agentId, 'Good morning!')
    const seen: TurnEvent[] = []
    let rest: Promise<readonly TurnEvent[]>[] = []
    for await (const event of first) {
      seen.push(event)
      if (event.type === 'delta' && rest.length === 0) rest = [turnOf(client.watch(agentId)), turnOf(client.watch(agentId, { after: event.id }))]
      if (event.type === 'end') break
    }
    const begun = seen.findIndex(({ type }) => type === 'step')
    const [late = [], resumed] = await Promise.all(rest)
    expect(late).toEqual(seen.slice(begun))
    expect(resumed).toEqual(seen.slice(begun + 2))
  })

  test('begins anew with a reset where the inference is made again [live:text]', async () => {
    const broken = new ModelError('unreachable', 'the stream broke off', { retryAfterMs: 1 })
    const { client, agentId } = await begin(slowModel([{ thoughts: 'What did she say?', message: 'Good evening, dear Ada, who are you?', fails: { after: 9, error: broken }, until: () => shown >= 17 }, { thoughts, message, until: seenSome }]))
    const watched = turnOf(client.watch(agentId))
    expect((await client.send(agentId, 'Good morning!')).replyTexts).toEqual([message.trim()])
    const events = await watched
    expect(events.filter(({ type }) => type === 'reset')).toMatchObject([{ turn: 1, step: 1 }])
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(1)
    const reset = events.findIndex(({ type }) => type === 'reset')
    const [first, second] = [events.slice(0, reset), events.slice(reset)].map((some) => [...new Set(deltas(some).map(({ attempt }) => attempt))])
    expect([first, second]).toMatchObject([[expect.any(Number)], [expect.any(Number)]])
    expect(second?.[0]).toBeGreaterThan(first?.[0] ?? Infinity)
    expect(textOf(events, 'thoughts')).toBe(thoughts)
    expect(message.trim().startsWith(textOf(events, 'text'))).toBe(true)
  })

  test.each([
    ['tried again', new ModelError('unreachable', 'the stream broke off', { retryAfterMs: 2_000 })],
    ['parked', new ModelError('bad-request', 'this model is not for you', { status: 400 })],
  ])('begins anew with a reset where it was %s, and the text of before was forgotten meanwhile [live:text live:watch]', async (how, error) => {
    const { client, agentId, stores } = await begin(slowModel([{ message: 'Good evening, dear Ada', fails: { after: 12, error }, until: () => shown >= 10 }, { message, until: () => shown >= 10 }]))
    const seen: TurnEvent[] = []
    shown = 0
    const sending = client.post(agentId, 'Good morning!')
    for await (const event of client.watch(agentId, { after: 0 })) {
      seen.push(event)
      if (event.type === 'reset') shown = 0
      if (event.type === 'delta') shown += event.text.length
      // The text has been read, and so is the text that comes after this.
      if (event.type === 'delta' && shown >= 10 && seen.every(({ type }) => type !== 'reset')) await stores.live.forget(agentId)
      if (event.type === 'parked') await client.resume(agentId)
      if (event.type === 'end') break
    }
    await sending
    expect(seen.some(({ type }) => type === 'parked')).toBe(how === 'parked')
    expect(seen.filter(({ type }) => type === 'reset')).toHaveLength(1)
    expect(textOf(seen, 'text')).not.toBe('')
    expect(message.trim().startsWith(textOf(seen, 'text'))).toBe(true)
  })

  test('is seen from its beginning or not at all, also where the store has forgotten how it begins [live:text live:watch]', async () => {
    let [forgotten, told] = [false, false]
    const { client, agentId, stores } = await begin(slowModel([{ message, pauses: { after: 3, until: () => forgotten }, until: () => told }]))
    const sending = client.send(agentId, 'Good morning!')
    for await (const event of client.watch(agentId, { after: 0 })) if (event.type === 'delta') break
    await stores.live.forget(agentId)
    const late = turnOf(client.watch(agentId))
    // What is written now has no beginning any more.
    forgotten = true
    await expect.poll(() => stores.live.afterEach(new Map([[agentId, noLiveMark]]), 10).then(({ length }) => length)).toBeGreaterThan(0)
    await sleep(500)
    told = true
    await sending
    expect((await late).map(({ type }) => type)).toEqual(['step', 'message', 'message', 'end'])
  })

  test('of a turn is not forgotten with the turn before, however late that is done [live:text]', async () => {
    const doneLate = gate()
    let late = false
    const { client, agentId, stores } = await begin(slowModel([{ message, until: seenSome }, { message, until: () => late }]), {
      live: (live: LiveStore): LiveStore => ({ ...live, forgetTurns: (...upTo) => doneLate.opened.then(() => live.forgetTurns(...upTo)) }),
    })
    const first = turnOf(client.watch(agentId))
    await client.post(agentId, 'First')
    await client.post(agentId, 'Second', { eventId: 'second' })
    await first
    for await (const event of client.watch(agentId, { event: 'second' })) if (event.type === 'delta') break
    doneLate.open()
    await expect.poll(async () => (await stores.live.afterEach(new Map([[agentId, noLiveMark]]), 1)).map(({ turn }) => turn)).toEqual([2])
    let text = ''
    for await (const event of client.watch(agentId)) {
      if (event.type === 'delta') text += event.text
      late ||= text.length > 20
      if (event.type === 'end') break
    }
    expect(message.trim().startsWith(text)).toBe(true)
    expect(text).not.toBe('')
  })

  test('of a reply that a person has to approve is not seen before [live:text turn:approval]', async () => {
    const { client, agentId } = await begin(slowModel([{ thoughts, message, until: () => shown >= thoughts.length }]), { approval: ['send_message'] })
    const watched = turnOf(client.watch(agentId))
    await client.send(agentId, 'Good morning!')
    const events = await watched
    expect(textOf(events, 'thoughts')).toBe(thoughts)
    expect(textOf(events, 'text')).toBe('')
  })

  test('is in no history, which is as long as without it, and gone from the stores when the turn is over [live:text history:references]', async () => {
    const { client, agentId, temporal, stores } = await begin(slowModel([{ thoughts, message }, { thoughts, message, until: seenSome }]))
    await client.send(agentId, 'Good morning!')
    // The sender hears of a turn's end before the workflow has reported it: a query is answered after that.
    await expect.poll(async () => (await client.state(agentId)).status).toBe('idle')
    const watched = turnOf(client.watch(agentId))
    const before = await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()
    await client.send(agentId, 'Good morning again!')
    expect(deltas(await watched).length).toBeGreaterThan(0)
    await expect.poll(async () => (await client.state(agentId)).status).toBe('idle')
    const history = await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()
    expect((history.events?.length ?? 0) - (before.events?.length ?? 0)).toBeLessThanOrEqual(14)
    expect(historyText(history)).not.toContain('cheerful')
    await expect.poll(() => stores.live.afterEach(new Map([[agentId, noLiveMark]]), 10)).toEqual([])
  })

  test('that can\'t be kept, or is not wanted, changes nothing else [live:text]', async () => {
    const model = slowModel([{ thoughts, message }])
    await begin(model, { stream: false })
    const watched = turnOf(agents.client.watch(agents.agentId))
    expect((await agents.client.send(agents.agentId, 'Good morning!')).replyTexts).toEqual([message.trim()])
    expect(deltas(await watched)).toEqual([])
    await agents.close()

    await begin(model, {
      live: (live) => ({ ...live, append: () => Promise.reject(new Error('no room')), latestAttempt: () => Promise.reject(new Error('no room')), afterEach: () => Promise.reject(new Error('no room')), forgetTurns: () => Promise.reject(new Error('no room')) }),
    })
    const unseen = turnOf(agents.client.watch(agents.agentId))
    expect(await agents.client.send(agents.agentId, 'Good morning!')).toMatchObject({ end: 'completed', replyTexts: [message.trim()] })
    expect((await unseen).map(({ type }) => type)).toEqual(['turn', 'message', 'step', 'message', 'message', 'end'])
  })
})
