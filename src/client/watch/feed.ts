import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import { hasEnded, type TurnOutcome } from '../../protocol/turn.ts'
import type { StoredAgent } from '../../stores/agents.ts'
import { openTurn, type Position } from './position.ts'
import type { Subscriber } from './subscribers.ts'
import { endOf, standstillOf, tell } from './tell.ts'
import { takeBatch, type Live } from './live.ts'
import type { LiveBatch } from '../../stores/live.ts'

/** What was read of an agent at once; the records of turns before the messages. */
export interface News {
  readonly messages: readonly StoredMessage[]
  /** Read before the messages. */
  readonly live: readonly LiveBatch[]
  /** Of the turn told last, and of the one after it, where they have one. */
  readonly records: ReadonlyMap<number, TurnOutcome>
}

/** One agent, as all that watch it in this process are told of it. */
export interface Feed {
  agent: StoredAgent
  readonly subscribers: Set<Subscriber>
  position: Position
  /** What it is parked for, for whoever comes. */
  parked: readonly TurnEvent[]
  /** The text of the step that runs, for whoever comes. */
  live: Live
  /** Versions of its blocks by their ids, once they were read. */
  blocks: ReadonlyMap<string, number> | undefined
  /** The record of a park that was told. */
  parkTold: string | undefined
  /** When its stores came back after they were away, and what it had come to: they may be those of an earlier day. */
  doubt: { readonly at: number; readonly seq: number } | undefined
}

/** How the agent stands now, for whoever comes. Anything newer ends what it is parked for, so a park is later than the text. */
export const presentOf = ({ parked, live }: Feed): readonly TurnEvent[] => [...live.events, ...parked]

/**
 * Tells all that watch the agent what has come: a step's text before its message, and after all messages before it. Where that fails nothing is
 * told, and the feed stands where it stood.
 */
export async function takeNews(feed: Feed, { messages, live, records }: News, turnRecord: (turn: number) => Promise<TurnOutcome | undefined>): Promise<void> {
  const events: TurnEvent[] = []
  const recordOf = async (turn: number): Promise<TurnOutcome | undefined> => endedOf(records.get(turn)) ?? turnRecord(turn)
  let { position, live: text } = feed
  const tellMessages = async (some: readonly StoredMessage[]): Promise<void> => {
    if (some.length === 0) return
    const told = await tell(position, some, { recordOf, stepTold: text.seq })
    events.push(...told.events)
    position = told.position
  }
  let rest = messages
  for (const batch of live) {
    const before = rest.filter(({ seq }) => seq < batch.seq)
    rest = rest.slice(before.length)
    await tellMessages(before)
    if (batch.seq <= position.seq) continue
    const taken = takeBatch(text, batch)
    events.push(...taken.events)
    text = taken.live
  }
  await tellMessages(rest)
  feed.live = text.seq <= position.seq ? { ...text, events: [] } : text
  if (events.length > 0) feed.parked = []
  feed.position = position
  events.push(...endings(feed, records))
  if (events.length === 0) return
  for (const subscriber of feed.subscribers) subscriber.put({ events, position: feed.position })
}

const endedOf = (record: TurnOutcome | undefined): TurnOutcome | undefined => (hasEnded(record) ? record : undefined)

/** A turn that was parked, or ended, before anything of it was recorded has a record and no message. */
function endings(feed: Feed, records: ReadonlyMap<number, TurnOutcome>): readonly TurnEvent[] {
  const { position } = feed
  const open = openTurn(position)
  const record = records.get(open)
  if (record === undefined) return []
  if (hasEnded(record)) {
    feed.position = { ...position, turn: open, ended: true }
    feed.parked = []
    return endOf(record, position.seq)
  }
  const park = JSON.stringify(record)
  if (park === feed.parkTold) return []
  feed.parkTold = park
  feed.parked = standstillOf(record, position.seq)
  return feed.parked
}
