import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import type { MemoryStore, StoredAgent } from '../../stores/stores.ts'
import { takeBlocks } from './blocks.ts'
import type { Feed } from './feed.ts'
import { beginLive } from './live.ts'
import { presentPosition } from './position.ts'

/** Begins where the agent stands. A park that is in force is told to those who come. */
export async function beginFeed(memory: MemoryStore, agent: StoredAgent): Promise<Feed> {
  const { messages, turns } = memory
  const feed: Feed = { agent, subscribers: new Set(), position: await presentPosition(memory, agent.key), parked: [], live: beginLive(), blocks: undefined, parkTold: undefined }
  const { position } = feed
  await takeBlocks(memory, [feed])
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
