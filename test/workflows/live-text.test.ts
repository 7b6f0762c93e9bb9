import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { TextDelta, TurnEvent } from '../../src/protocol/turn-event.ts'
import { noLiveMark } from '../../src/stores/live.ts'
import { startAgents, type Agents, type AgentsOptions } from '../support/agents.ts'
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
    expect(events.filter(({ type }) => type === 'reset')).toMatchObject([{ turn: 1, step: 1, attempt: 2 }])
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(1)
    const reset = events.findIndex(({ type }) => type === 'reset')
    expect(deltas(events.slice(0, reset)).every(({ attempt }) => attempt === 1)).toBe(true)
    expect(deltas(events.slice(reset)).every(({ attempt }) => attempt === 2)).toBe(true)
    expect(deltas(events.slice(0, reset)).length).toBeGreaterThan(0)
    expect(textOf(events, 'thoughts')).toBe(thoughts)
    expect(message.trim().startsWith(textOf(events, 'text'))).toBe(true)
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
      live: (live) => ({ ...live, append: () => Promise.reject(new Error('no room')), latestAttempt: () => Promise.reject(new Error('no room')), afterEach: () => Promise.reject(new Error('no room')), forget: () => Promise.reject(new Error('no room')) }),
    })
    const unseen = turnOf(agents.client.watch(agents.agentId))
    expect(await agents.client.send(agents.agentId, 'Good morning!')).toMatchObject({ end: 'completed', replyTexts: [message.trim()] })
    expect((await unseen).map(({ type }) => type)).toEqual(['turn', 'message', 'step', 'message', 'message', 'end'])
  })
})
