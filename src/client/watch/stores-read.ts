import { nameOf } from '../../protocol/agent-key.ts'
import { isAwayForNow, PerdureError } from '../../protocol/errors.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { beforeStep, type LiveBatch, type LiveMark, type LiveStore } from '../../stores/live.ts'
import type { MemoryStore, Stores } from '../../stores/stores.ts'
import { takeBlocks } from './blocks.ts'
import { openTurn } from './position.ts'
import { takeNews, type Feed } from './feed.ts'

/** Where what is watched lies. */
export type WatchedStores = Pick<Stores, 'memory' | 'live'>

/** What is wrong with one agent ends the watching of that one. */
export type FailFeed = (feed: Feed, error: unknown) => void

const pageSize = 500

/**
 * Reads once what has come of all agents that are watched, and tells it. Records first: when one says that a turn has ended, all its
 * messages are there. Then live text, whose step's message may be there too.
 * @param silentTurns also turns that left no message
 * @returns whether all that is there is told: where a turn has ended, or messages of another one came, the next one's record was not asked for
 */
export async function readNews({ memory, live }: WatchedStores, feeds: readonly Feed[], { silentTurns, fail }: { readonly silentTurns: boolean; readonly fail: FailFeed }): Promise<boolean> {
  const refs = feeds.flatMap(({ agent: { key: agentId }, position }) => (position.ended && !silentTurns ? [] : [{ agentId, turn: openTurn(position) }]))
  const records = refs.length === 0 ? [] : await memory.turns.each(refs)
  const texts = await liveOf(live, feeds)
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
  return feeds.every(({ agent, position }) => openTurn(position) === asked.get(agent.key))
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

async function messagesOf({ messages }: MemoryStore, feeds: readonly Feed[]): Promise<readonly StoredMessage[]> {
  const marks = new Map(feeds.map(({ agent, position }) => [agent.key, position.seq]))
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

/** Of agents whose turn runs. What can't be read is not shown: the message will be. */
async function liveOf(live: LiveStore, feeds: readonly Feed[]): Promise<readonly LiveBatch[]> {
  const running = feeds.filter(({ position }) => !position.ended)
  if (running.length === 0) return []
  const marks = running.map(({ agent, position, live: { mark } }): [string, LiveMark] => {
    const told = beforeStep(position.seq + 1)
    return [agent.key, mark > told ? mark : told]
  })
  return live.afterEach(new Map(marks), pageSize).catch(() => [])
}

/** Nobody is left waiting for an agent that is no more. What persons have written into blocks is told too. */
export async function readAgents(memory: MemoryStore, feeds: readonly Feed[], fail: FailFeed): Promise<void> {
  for (const feed of feeds) {
    const agent = await memory.agents.get(feed.agent.key)
    const name = JSON.stringify(nameOf(feed.agent.key))
    if (agent === undefined || agent.deletingAt !== undefined) fail(feed, new PerdureError('agent-unknown', `agent ${name} was deleted while it was watched`))
    else if (agent.archivedAt !== undefined) fail(feed, new PerdureError('agent-archived', `agent ${name} is archived: nothing more happens to it`))
    else feed.agent = agent
  }
  await takeBlocks(memory, feeds)
}
