import { createHash } from 'node:crypto'
import type { PerdureClient } from '../../client/client.ts'
import { abandonable } from '../../client/patiently.ts'
import { isUnanswered } from '../../protocol/errors.ts'
import type { NewText } from './chat-request.ts'

/** Headers by which front ends name a message of theirs. */
const messageHeaders = ['idempotency-key', 'x-openwebui-message-id', 'x-message-id']
const chatHeaders = ['x-openwebui-chat-id', 'x-chat-id']

const windowMs = 10 * 60_000
/** An agent whose worker is away is not waited for here: the message itself waits for it. */
const statePatienceMs = 3_000

export interface AskedEvent {
  readonly headers: Headers
  /** The request's messages, of which its texts are the last. */
  readonly messages: readonly unknown[]
  readonly texts: readonly NewText[]
  /** What else tells one request from another: who asks, and with which tools. */
  readonly asked: unknown
  readonly now: number
  readonly leave: AbortSignal
}

/** The event that a request is. */
export interface NamedEvent {
  readonly eventId: string
  readonly text: string
}

/**
 * A client that tries again sends the same request, mostly without saying so: what is the same within ten minutes, or while its turn has not
 * ended, is the same event. One that did not get an answer, or did not keep it, sends the message again with the next one: what was sent by
 * itself lately is left out. The id says how many texts were, so that the same again is the same later too.
 */
export async function namedEvent(client: Pick<PerdureClient, 'searchRecall' | 'state'>, agent: string, { headers, messages, texts, asked, now, leave }: AskedEvent): Promise<NamedEvent> {
  const from = (sent: number): string => texts.slice(sent).map(({ text }) => text).join('\n\n')
  for (const name of messageHeaders) {
    const given = headers.get(name)
    if (given !== null && given !== '') return { eventId: given, text: from(0) }
  }
  const begins = beginsOf({ chat: chatHeaders.map((name) => headers.get(name)), asked, messages, texts })
  // The first of several that begin alike counts.
  const lately = new Map((await sentLately(client, agent, { now, leave })).toReversed().map((id) => [id.slice(0, beginLength), id]))
  const begin = begins.at(-1) ?? ''
  const earlier = lately.get(begin)
  if (earlier !== undefined) return { eventId: earlier, text: from(Number(earlier.slice(begin.length).split('-')[0])) }
  const sent = begins.slice(0, -1).findLastIndex((other) => lately.has(other)) + 1
  // Two at the same moment, of which neither has found the other, have one id too.
  return { eventId: `${begin}${sent}-${Math.floor(now / windowMs)}`, text: from(sent) }
}

const sign = 'openai-'
const digestLength = 22
const beginLength = sign.length + digestLength + '-'.length

/**
 * How the id begins that a request has which ends with each of the texts: a digest of all its messages up to there. They are written down once,
 * however many texts there are: a request may have hundreds of thousands.
 */
function beginsOf({ chat, asked, messages, texts }: Pick<AskedEvent, 'asked' | 'messages' | 'texts'> & { readonly chat: readonly unknown[] }): readonly string[] {
  const end = ']]'
  const hash = createHash('sha256').update(JSON.stringify([chat, asked, []]).slice(0, -end.length))
  let taken = 0
  return texts.map((text) => {
    for (; taken < text.end; taken += 1) hash.update((taken === 0 ? '' : ',') + JSON.stringify(messages[taken]))
    return `${sign}${hash.copy().update(end).digest('base64url').slice(0, digestLength)}-`
  })
}

async function sentLately(client: Pick<PerdureClient, 'searchRecall' | 'state'>, agent: string, { now, leave }: Pick<AskedEvent, 'now' | 'leave'>): Promise<readonly string[]> {
  const [{ messages }, waiting] = await Promise.all([
    client.searchRecall(agent, { order: 'newest', roles: ['user'], from: new Date(now - windowMs).toISOString(), limit: 200 }),
    sentAndNotEnded(client, agent, leave),
  ])
  return [...waiting, ...messages.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))]
}

async function sentAndNotEnded(client: Pick<PerdureClient, 'state'>, agent: string, leave: AbortSignal): Promise<readonly string[]> {
  const patience = AbortSignal.timeout(statePatienceMs)
  try {
    const { running, mailbox } = await abandonable(abandonable(client.state(agent), leave), patience)
    return [...mailbox.map(({ eventId }) => eventId), ...(running === undefined ? [] : [running.eventId])]
  } catch (error) {
    // Without a worker nobody can tell; the id of the window has to do.
    if (isUnanswered(error) || (patience.aborted && !leave.aborted)) return []
    throw error
  }
}
