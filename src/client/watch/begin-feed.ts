import type { StoredMessage } from '../../protocol/messages.ts'
import { hasEnded, type TurnOutcome } from '../../protocol/turn.ts'
import type { StoredAgent } from '../../stores/agents.ts'
import type { MemoryStore } from '../../stores/stores.ts'
import { takeBlocks } from './blocks.ts'
import type { Feed } from './feed.ts'
import { noLive } from './live.ts'
import { openTurn, presentPosition } from './position.ts'
import { standstillOf } from './tell.ts'

/** Begins where the agent stands. A park that is in force is no news: whoever comes is told how the agent stands, unless it knows already. */
export async function beginFeed(memory: MemoryStore, agent: StoredAgent): Promise<Feed> {
  const { messages, turns } = memory
  const feed: Feed = { agent, subscribers: new Set(), position: await presentPosition(memory, agent.key), parked: [], live: noLive, blocks: undefined, parkTold: undefined, doubt: undefined }
  const { position } = feed
  await takeBlocks(memory, [feed])
  const record = await turns.get(agent.key, openTurn(position))
  if (record === undefined || hasEnded(record)) return feed
  // After the record: all messages before the park are there.
  const { messages: [latest] } = await messages.search(agent.key, { order: 'newest', offset: 0, limit: 1 })
  const over = latest !== undefined && wentOn(record, latest)
  // Else what came meanwhile is told first, by the first look, and then the park.
  if (over || (latest?.seq ?? 0) === position.seq) feed.parkTold = JSON.stringify(record)
  if (!over && feed.parkTold !== undefined) feed.parked = standstillOf(record, position.seq)
  return feed
}

/** A turn keeps the record of its park until it ends or parks again; messages after the park show that it went on. */
function wentOn({ turn, figures, waiting }: TurnOutcome, latest: StoredMessage): boolean {
  const parkedIn = figures.steps + 1
  if (latest.turn !== turn) return latest.turn > turn
  return latest.step > parkedIn || (latest.step === parkedIn && (latest.role === 'tool' || (latest.role === 'assistant' && waiting === undefined)))
}
