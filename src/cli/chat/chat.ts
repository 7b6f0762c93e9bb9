import type { PerdureConnection } from '../../connect.ts'
import type { ChatConsole } from './console.ts'
import type { Outbox } from './outbox.ts'

/** One conversation with one agent. Every command and every turn gets this object. */
export interface Chat {
  /** The agent's name, as client and person call it. */
  readonly agentId: string
  /** Of the agent, as the stores call it. */
  readonly key: string
  readonly connection: PerdureConnection
  readonly console: ChatConsole
  readonly outbox: Outbox
  /** Ids of the events that this chat has sent, or waits for. */
  readonly sent: Set<string>
  /** Sequence numbers of the replies that it has shown. */
  readonly shown: Set<number>
  /** Of `sent`, those whose turn stands still until somebody answers a call; and the last sequence number that was shown of it. */
  readonly standing: Map<string, number>
  /** Whether inner thoughts and tool calls are shown. */
  thoughts: boolean
  /** Something was asked for that failed; decides on the exit status of a piped chat. */
  failed: boolean
  /** Leaves after the present line. */
  leaving: boolean
}
