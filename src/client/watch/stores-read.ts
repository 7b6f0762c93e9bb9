import { generationOf, nameOf } from '../../protocol/agent-key.ts'
import { isAwayForNow, PerdureError } from '../../protocol/errors.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { beforeStep, type LiveBatch, type LiveMark, type LiveStore } from '../../stores/live.ts'
import type { MemoryStore, Stores } from '../../stores/stores.ts'
import { takeBlocks } from './blocks.ts'
import { assertComeTo, placeOfPosition } from './place.ts'
import { openTurn } from './position.ts'
import { takeNews, type Feed } from './feed.ts'

/** Where what is watched lies. */
export type WatchedStores = Pick<Stores, 'memory' | 'live'>

/** What is wrong with one agent ends the watching of that one. */
export type FailFeed = (feed: Feed, error: unknown) => void

const pageSize = 500
/** So long after stores have come back, what was written as they went has been written anew: a server that took over may lack it at first. */
const settledMs = 5_000

/**
 * Does this for all of them in common questions. Where an answer can't be read, as for what one agent holds, each is asked for alone.
 * @param read resolves to whether all that is there is told
 */
export async function forAll(feeds: readonly Feed[], fail: FailFeed, read: (some: readonly Feed[]) => Promise<boolean>): Promise<boolean> {
  try {
    return await read(feeds)
  } catch (error) {
    if (isAwayForNow(error)) throw error
    const [feed, ...others] = feeds
    if (feed !== undefined && others.length === 0) fail(feed, error)
    if (others.length === 0) return true
  }
  let whole = true
  for (const feed of feeds) whole = (await forAll([feed], fail, read)) && whole
  return whole
}

/**
 * Reads once what has come of all agents that are watched, and tells it. Records first: when one says that a turn has ended, all its
 * messages are there. Then live text, whose step's message may be there too.
 * @param silentTurns also turns that left no message
 * @returns whether all that is there is told: where a turn has ended, or messages of another one came, the next one's record was not
 * asked for, nor the text of one that has only begun
 */
export async function readNews({ memory, live }: WatchedStores, feeds: readonly Feed[], { silentTurns, fail }: { readonly silentTurns: boolean; readonly fail: FailFeed }): Promise<boolean> {
  const refs = feeds.flatMap(({ agent: { key: agentId }, position }) => (position.ended && !silentTurns ? [] : [{ agentId, turn: openTurn(position) }]))
  const records = refs.length === 0 ? [] : await memory.turns.each(refs)
  const running = new Set(feeds.filter(({ position }) => !position.ended))
  const texts = await liveOf(live, [...running])
  const found = await messagesOf(memory, feeds)
  const [messages, batches, outcomes] = [byAgent(found), byAgent(texts), byAgent(records)]
  for (const feed of feeds) {
    const { key } = feed.agent
    const known = new Map(outcomes(key).map(({ turn, outcome }) => [turn, outcome]))
    try {
      await takeNews(feed, { messages: messages(key), live: batches(key), records: known }, (turn) => memory.turns.get(key, turn))
    } catch (error) {
      if (isAwayForNow(error)) throw error
      fail(feed, error)
    }
  }
  // Tools are what writes blocks; persons are looked for less often.
  const written = feeds.filter(({ agent }) => messages(agent.key).some(({ role }) => role === 'tool'))
  if (written.length > 0) await takeBlocks(memory, written)
  const asked = new Map(refs.map(({ agentId, turn }) => [agentId, turn]))
  return feeds.every((feed) => openTurn(feed.position) === asked.get(feed.agent.key) && (feed.position.ended || running.has(feed)))
}

/** What there is of each agent, in its order; looked for once, however many are watched. */
function byAgent<Item extends { readonly agentId: string }>(items: readonly Item[]): (agentId: string) => readonly Item[] {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const ofAgent = found.get(item.agentId)
    if (ofAgent === undefined) found.set(item.agentId, [item])
    else ofAgent.push(item)
  }
  return (agentId) => found.get(agentId) ?? []
}

const messagesOf = (memory: MemoryStore, feeds: readonly Feed[]): Promise<readonly StoredMessage[]> =>
  messagesAfter(memory, new Map(feeds.map(({ agent, position }) => [agent.key, position.seq])))

async function messagesAfter({ messages }: MemoryStore, marks: Map<string, number>): Promise<readonly StoredMessage[]> {
  const found: StoredMessage[] = []
  for (;;) {
    const page = await messages.afterEach(marks, pageSize)
    for (const message of page) {
      found.push(message)
      marks.set(message.agentId, message.seq)
    }
    if (page.length < pageSize) return found
  }
}

/** What can't be read is not shown: the message will be. */
async function liveOf(live: LiveStore, running: readonly Feed[]): Promise<readonly LiveBatch[]> {
  if (running.length === 0) return []
  const marks = running.map(({ agent, position, live: { mark } }): [string, LiveMark] => {
    const told = beforeStep(position.seq + 1)
    return [agent.key, mark > told ? mark : told]
  })
  const read = (some: typeof marks): Promise<readonly LiveBatch[]> => live.afterEach(new Map(some), pageSize)
  return read(marks).catch(async (error: unknown) => {
    if (isAwayForNow(error) || marks.length === 1) return []
    const found: LiveBatch[] = []
    // One after the other: it is done at every look, and the stores have others to answer.
    for (const mark of marks) found.push(...(await read([mark]).catch(() => [])))
    return found
  })
}

/** Nobody is left waiting for an agent that is no more, or for one that was set back. What persons have written into blocks is told too. */
export async function readAgents(memory: MemoryStore, feeds: readonly Feed[], fail: FailFeed): Promise<void> {
  for (const feed of feeds) {
    const agent = await memory.agents.get(feed.agent.key)
    const name = JSON.stringify(nameOf(feed.agent.key))
    if (agent === undefined || agent.deletingAt !== undefined) fail(feed, new PerdureError('agent-unknown', `agent ${name} was deleted while it was watched`))
    else if (agent.archivedAt !== undefined) fail(feed, new PerdureError('agent-archived', `agent ${name} is archived: nothing more happens to it`))
    else feed.agent = agent
  }
  await failWhereSetBack(memory, feeds, fail)
  await takeBlocks(memory, feeds)
}

/**
 * Of stores of an earlier day nothing would be told until the agent has come as far again. Once they have settled, all are asked for in common
 * what they had come to; an agent of which anything was told since had not been set back.
 */
async function failWhereSetBack(memory: MemoryStore, feeds: readonly Feed[], fail: FailFeed): Promise<void> {
  const now = performance.now()
  const settled = feeds.filter(({ doubt }) => doubt !== undefined && now - doubt.at >= settledMs)
  const doubted = settled.filter(({ position, doubt }) => position.seq === doubt?.seq && position.seq > 0)
  if (doubted.length > 0) {
    const found = await messagesAfter(memory, new Map(doubted.map(({ agent, position }) => [agent.key, position.seq - 1])))
    const come = new Set(found.map(({ agentId }) => agentId))
    for (const feed of doubted) if (!come.has(feed.agent.key)) await failIfSetBack(memory, feed, fail)
  }
  for (const feed of settled) feed.doubt = undefined
}

async function failIfSetBack({ messages }: MemoryStore, feed: Feed, fail: FailFeed): Promise<void> {
  const { key } = feed.agent
  const latest = await messages.latestSeq(key)
  try {
    assertComeTo(placeOfPosition(feed.position), { name: nameOf(key), generation: generationOf(key), latest })
  } catch (error) {
    fail(feed, error)
  }
}
