import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { MemoryStore } from '../../stores/stores.ts'
import type { Feed } from './feed.ts'

/** Reads which versions the blocks of these agents have, in one question, and tells what has changed since it was read before. */
export async function takeBlocks({ blocks }: Pick<MemoryStore, 'blocks'>, feeds: readonly Feed[]): Promise<void> {
  const wanted = feeds.flatMap((feed) => feed.agent.definition.blocks.map(({ label, blockId }) => ({ feed, label, blockId })))
  if (wanted.length === 0) return
  const present = await blocks.currents(wanted.map(({ blockId }) => blockId))
  const written = wanted.map(({ feed, label, blockId }, index) => ({ feed, label, blockId, version: present[index]?.version ?? 0 }))
  for (const feed of feeds) {
    const own = written.filter((of) => of.feed === feed)
    const events = own.flatMap(({ label, blockId, version }): TurnEvent[] => {
      // Of a block that the agent has come to have nobody knows whether it was written now.
      const before = feed.blocks?.get(blockId)
      return before !== undefined && version > before ? [{ type: 'memory', id: `${feed.position.seq}.memory`, label, version }] : []
    })
    feed.blocks = new Map(own.map(({ blockId, version }) => [blockId, version]))
    if (events.length > 0) for (const subscriber of feed.subscribers) subscriber.put({ events, position: feed.position })
  }
}
