import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import type { MemoryStore, StoredAgent } from '../../stores/stores.ts'
import { hasEnded, presentPosition, type Position } from './position.ts'
import type { Subscriber } from './subscribers.ts'
import { endOf, standstillOf, tell } from './tell.ts'

/** What was read of an agent at once; the records of turns before the messages. */
export interface News {
  readonly messages: readonly StoredMessage[]
  /** Of the turn told last, and of the one after it, where they have one. */
  readonly records: ReadonlyMap<number, TurnOutcome>
}

/** One agent, as all that watch it in this process are told of it. */
export interface Feed {
  readonly agent: StoredAgent
  readonly subscribers: Set<Subscriber>
  position: Position
  /** How it stands now, for whoever comes: what it is parked for. */
  present: readonly TurnEvent[]
  /** The record of a park that was told. */
  parkTold: string | undefined
}

/** Begins where the agent stands. A park that is in force is told to those who come. */
export async function beginFeed({ messages, turns }: Pick<MemoryStore, 'messages' | 'turns'>, agent: StoredAgent): Promise<Feed> {
  const feed: Feed = { agent, subscribers: new Set(), position: await presentPosition({ messages, turns }, agent.key), present: [], parkTold: undefined }
  const { position } = feed
  if (position.ended) return feed
  const [record, [latest]] = await Promise.all([turns.get(agent.key, position.turn), messages.ranges(agent.key, [[position.seq, position.seq]])])
  if (record !== undefined && latest !== undefined && wentOn(record, latest)) feed.parkTold = JSON.stringify(record)
  return feed
}

/** A turn keeps the record of its park until it ends or parks again; messages after the park show that it went on. */
function wentOn({ figures, waiting }: TurnOutcome, latest: StoredMessage): boolean {
  const parkedIn = figures.steps + 1
  return latest.step > parkedIn || (latest.step === parkedIn && (latest.role === 'tool' || (latest.role === 'assistant' && waiting === undefined)))
}

/** Tells all that watch the agent what has come. */
export async function takeNews(feed: Feed, { messages, records }: News, turnRecord: (turn: number) => Promise<TurnOutcome | undefined>): Promise<void> {
  const events: TurnEvent[] = []
  if (messages.length > 0) {
    const told = await tell(feed.position, messages, { recordOf: async (turn) => endedOf(records.get(turn)) ?? turnRecord(turn) })
    events.push(...told.events)
    feed.position = told.position
    feed.present = []
  }
  events.push(...endings(feed, records))
  if (events.length === 0) return
  for (const subscriber of feed.subscribers) subscriber.put({ events, position: feed.position })
}

const endedOf = (record: TurnOutcome | undefined): TurnOutcome | undefined => (hasEnded(record) ? record : undefined)

/** A turn that was parked, or ended, before anything of it was recorded has a record and no message. */
function endings(feed: Feed, records: ReadonlyMap<number, TurnOutcome>): readonly TurnEvent[] {
  const { position } = feed
  const open = position.ended ? position.turn + 1 : position.turn
  const record = records.get(open)
  if (record === undefined) return []
  if (hasEnded(record)) {
    feed.position = { ...position, turn: open, ended: true }
    feed.present = []
    return endOf(record, position.seq)
  }
  const park = JSON.stringify(record)
  if (park === feed.parkTold) return []
  feed.parkTold = park
  feed.present = standstillOf(record, position.seq)
  return feed.present
}
