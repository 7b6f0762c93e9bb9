import { isAwayForNow } from '../../protocol/errors.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { StoredAgent } from '../../stores/agents.ts'
import { restAfter, type Looking } from '../reading/looking.ts'
import { beginFeed } from './begin-feed.ts'
import { presentOf, type Feed } from './feed.ts'
import type { Position } from './position.ts'
import { forAll, readAgents, readNews, type FailFeed, type WatchedStores } from './stores-read.ts'
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

export interface Poller {
  /** Tells the subscriber from now on what happens to the agent: after `position`, with `present` as it stands there. */
  join(agent: StoredAgent, subscriber: Subscriber): Promise<{ readonly feed: Feed; readonly position: Position; readonly present: readonly TurnEvent[] }>
  leave(feed: Feed, subscriber: Subscriber): void
}

/** Looks for all who watch agents of these stores, however many they are. */
export function poller(stores: WatchedStores, looking: Looking): Poller {
  const feeds = new Map<string, Promise<Feed>>()
  const begun = new Map<string, Feed>()
  let dueAt = 0

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
  looking.add({
    dueAt: () => (begun.size === 0 ? Infinity : dueAt),
    look: async () => {
      const pauseMs = await look([...begun.values()])
      dueAt = performance.now() + pauseMs
    },
  })

  return {
    async join(agent, subscriber) {
      const feed = await (feeds.get(agent.key) ?? begin(agent))
      // All others may have left meanwhile.
      if (begun.get(agent.key) !== feed) return this.join(agent, subscriber)
      feed.subscribers.add(subscriber)
      looking.wake()
      return { feed, position: feed.position, present: presentOf(feed) }
    },
    leave(feed, subscriber) {
      feed.subscribers.delete(subscriber)
      if (feed.subscribers.size === 0) end(feed)
    },
  }
}

/** @returns a function that looks once, and says how many milliseconds to wait then */
function looks(stores: WatchedStores, fail: FailFeed): (feeds: readonly Feed[]) => Promise<number> {
  let seenMark: string | undefined
  let seenFeeds = new Set<Feed>()
  let rarelyAt = 0
  let wereAway = false
  return async (feeds) => {
    const startedAt = performance.now()
    try {
      if (wereAway) for (const feed of feeds) feed.doubt = { at: startedAt, seq: feed.position.seq }
      const mark = await markOf(stores)
      const rarely = startedAt >= rarelyAt
      const fresh = feeds.some((feed) => !seenFeeds.has(feed))
      const nothingNew = !fresh && mark !== undefined && mark === seenMark && !wereAway
      const whole = nothingNew || (await forAll(feeds, fail, (some) => readNews(stores, some, { silentTurns: rarely || mark !== undefined, fail })))
      if (rarely || fresh || wereAway) await forAll(feeds, fail, async (some) => readAgents(stores.memory, some, fail).then(() => true))
      if (rarely) rarelyAt = startedAt + rarelyMs
      wereAway = false
      seenMark = whole ? mark : undefined
      seenFeeds = new Set(feeds)
      const usual = mark !== undefined ? markedPauseMs : feeds.some(({ position }) => !position.ended) ? runningPauseMs : idlePauseMs
      return restAfter(performance.now() - startedAt, { least: usual, times: pausePerLook })
    } catch (error) {
      wereAway = true
      if (!isAwayForNow(error)) for (const feed of feeds) fail(feed, error)
      return awayPauseMs
    }
  }
}

/** Undefined where only reading tells whether anything is new. */
async function markOf({ memory, live }: WatchedStores): Promise<string | undefined> {
  const [stored, written] = await Promise.all([memory.changeMark(), live.changeMark().catch(() => undefined)])
  return stored === undefined || written === undefined ? undefined : `${stored} ${written}`
}
