import { setTimeout as sleep } from 'node:timers/promises'
import { nameOf } from '../../protocol/agent-key.ts'
import { isAwayForNow, PerdureError } from '../../protocol/errors.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { liveMarkOf, type LiveBatch, type LiveMark, type LiveStore } from '../../stores/live.ts'
import type { MemoryStore, StoredAgent, Stores } from '../../stores/stores.ts'
import { beginFeed, presentOf, takeNews, type Feed } from './feed.ts'
import type { Position } from './position.ts'
import type { Subscriber } from './subscribers.ts'

/** Between two looks: where stores tell by themselves whether anything was written; while a turn runs; while none does. */
const markedPauseMs = 15
const runningPauseMs = 40
const idlePauseMs = 80
const awayPauseMs = 1_000
/** Of the time no more than a quarter is spent on looking. */
const pausePerLook = 3
/** Turns that leave no message are looked for, and whether an agent is still there, every so often. */
const rarelyMs = 1_000
const pageSize = 500

export interface Poller {
  /** Tells the subscriber from now on what happens to the agent: after `position`, with `present` as it stands there. */
  join(agent: StoredAgent, subscriber: Subscriber): Promise<{ readonly feed: Feed; readonly position: Position; readonly present: readonly TurnEvent[] }>
  leave(feed: Feed, subscriber: Subscriber): void
}

const pollers = new WeakMap<Stores, Poller>()

/** The one that looks for all who watch agents of these stores in this process, however many they are. */
export function pollerOf(stores: Stores): Poller {
  const known = pollers.get(stores) ?? poller(stores)
  pollers.set(stores, known)
  return known
}

function poller(stores: Pick<Stores, 'memory' | 'live'>): Poller {
  const feeds = new Map<string, Promise<Feed>>()
  const begun = new Map<string, Feed>()
  let looking = false

  const end = (feed: Feed): void => {
    if (begun.get(feed.agent.key) !== feed) return
    feeds.delete(feed.agent.key)
    begun.delete(feed.agent.key)
  }
  const begin = (agent: StoredAgent): Promise<Feed> => {
    const beginning = beginFeed(stores.memory, agent)
    feeds.set(agent.key, beginning)
    beginning.then(
      (feed) => begun.set(agent.key, feed),
      () => feeds.delete(agent.key),
    )
    return beginning
  }

  const look = looks(stores, (feed, error) => {
    end(feed)
    for (const subscriber of feed.subscribers) subscriber.fail(error)
  })
  const lookOn = async (): Promise<void> => {
    looking = true
    while (begun.size > 0) await sleep(await look([...begun.values()]))
    looking = false
  }

  return {
    async join(agent, subscriber) {
      const feed = await (feeds.get(agent.key) ?? begin(agent))
      // All others may have left meanwhile.
      if (begun.get(agent.key) !== feed) return this.join(agent, subscriber)
      feed.subscribers.add(subscriber)
      if (!looking) void lookOn()
      return { feed, position: feed.position, present: presentOf(feed) }
    },
    leave(feed, subscriber) {
      feed.subscribers.delete(subscriber)
      if (feed.subscribers.size === 0) end(feed)
    },
  }
}

/** @returns a function that looks once, and says how many milliseconds to wait then */
function looks({ memory, live }: Pick<Stores, 'memory' | 'live'>, fail: (feed: Feed, error: unknown) => void): (feeds: readonly Feed[]) => Promise<number> {
  let seenMark: string | undefined
  let seenFeeds = new Set<Feed>()
  let rarelyAt = 0
  return async (feeds) => {
    const startedAt = performance.now()
    try {
      const mark = await bothMarks(memory, live)
      const rarely = startedAt >= rarelyAt
      const same = mark !== undefined && mark === seenMark && feeds.every((feed) => seenFeeds.has(feed))
      if (!same) await read({ memory, live }, feeds, rarely || mark !== undefined, fail)
      if (rarely) await checkAgents(memory, feeds, fail)
      if (rarely) rarelyAt = startedAt + rarelyMs
      seenMark = mark
      seenFeeds = new Set(feeds)
      const usual = mark !== undefined ? markedPauseMs : feeds.some(({ position }) => !position.ended) ? runningPauseMs : idlePauseMs
      return Math.max(usual, (performance.now() - startedAt) * pausePerLook)
    } catch (error) {
      if (!isAwayForNow(error)) for (const feed of feeds) fail(feed, error)
      return awayPauseMs
    }
  }
}

/** Records first: when one says that a turn has ended, all its messages are there. */
async function read({ memory: { messages, turns }, live }: Pick<Stores, 'memory' | 'live'>, feeds: readonly Feed[], silentTurns: boolean, fail: (feed: Feed, error: unknown) => void): Promise<void> {
  const refs = feeds.flatMap(({ agent: { key: agentId }, position: { turn, ended } }) => [
    ...(ended ? [] : [{ agentId, turn }]),
    ...(ended && silentTurns ? [{ agentId, turn: turn + 1 }] : []),
  ])
  const records = refs.length === 0 ? [] : await turns.each(refs)
  const texts = await liveOf(live, feeds)
  const marks = new Map(feeds.map(({ agent, position }) => [agent.key, position.seq]))
  const found: StoredMessage[] = []
  for (;;) {
    const page = await messages.afterEach(marks, pageSize)
    for (const message of page) {
      found.push(message)
      marks.set(message.agentId, message.seq)
    }
    if (page.length < pageSize) break
  }
  for (const feed of feeds) {
    const { key } = feed.agent
    const known = new Map(records.filter(({ agentId }) => agentId === key).map(({ turn, outcome }) => [turn, outcome]))
    try {
      await takeNews(feed, { messages: found.filter(({ agentId }) => agentId === key), live: texts.filter(({ agentId }) => agentId === key), records: known }, (turn) => turns.get(key, turn))
    } catch (error) {
      if (isAwayForNow(error)) throw error
      fail(feed, error)
    }
  }
}

/** Of agents whose turn runs. What can't be read is not shown: the message will be. */
async function liveOf(live: LiveStore, feeds: readonly Feed[]): Promise<readonly LiveBatch[]> {
  const running = feeds.filter(({ position }) => !position.ended)
  if (running.length === 0) return []
  const marks = running.map(({ agent, position, live: { mark } }): [string, LiveMark] => {
    const told = liveMarkOf({ seq: position.seq + 1, attempt: 0, batch: 0 })
    return [agent.key, mark > told ? mark : told]
  })
  return live.afterEach(new Map(marks), pageSize).catch(() => [])
}

async function bothMarks(memory: MemoryStore, live: LiveStore): Promise<string | undefined> {
  const [stored, written] = await Promise.all([memory.changeMark(), live.changeMark().catch(() => undefined)])
  return stored === undefined || written === undefined ? undefined : `${stored} ${written}`
}

/** Nobody is left waiting for an agent that is no more. */
async function checkAgents({ agents }: MemoryStore, feeds: readonly Feed[], fail: (feed: Feed, error: unknown) => void): Promise<void> {
  for (const feed of feeds) {
    const agent = await agents.get(feed.agent.key)
    const name = JSON.stringify(nameOf(feed.agent.key))
    if (agent === undefined || agent.deletingAt !== undefined) fail(feed, new PerdureError('agent-unknown', `agent ${name} was deleted while it was watched`))
    else if (agent.archivedAt !== undefined) fail(feed, new PerdureError('agent-archived', `agent ${name} is archived: nothing more happens to it`))
  }
}
