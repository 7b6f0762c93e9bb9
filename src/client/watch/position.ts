import { hasEnded } from '../../protocol/turn.ts'
import type { MemoryStore } from '../../stores/stores.ts'

/** How far one has been told of an agent. */
export interface Position {
  /** The latest message told; 0: none. */
  readonly seq: number
  /** The turn that it belongs to; 0: none. */
  readonly turn: number
  /** Whether the end of that turn was told. */
  readonly ended: boolean
}

/** The turn that runs, or the one that would be next: it may have a record before it has a message. */
export const openTurn = ({ turn, ended }: Position): number => (ended ? turn + 1 : turn)

/** Where an agent stands at present: all that has happened is told. @param agentId the key */
export async function presentPosition({ messages, turns }: Pick<MemoryStore, 'messages' | 'turns'>, agentId: string): Promise<Position> {
  const { turn, seq } = await positionAt({ messages }, agentId, Number.MAX_SAFE_INTEGER - 1)
  return { seq, turn, ended: turn === 0 || hasEnded(await turns.get(agentId, turn)) }
}

/** As if the messages up to this one had been told, and the end of their last turn had not: it comes after the message. */
export async function positionAt({ messages }: Pick<MemoryStore, 'messages'>, agentId: string, after: number): Promise<Position> {
  const { messages: [latest] } = await messages.search(agentId, { order: 'newest', before: after + 1, offset: 0, limit: 1 })
  return { seq: latest?.seq ?? 0, turn: latest?.turn ?? 0, ended: latest === undefined }
}
