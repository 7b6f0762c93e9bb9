import type { PerdureConnection } from '../../connect.ts'
import type { ChatConsole } from './console.ts'
import type { Mail } from './mail.ts'
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
  /** Sent, and the end of its turn not shown yet. */
  readonly awaited: Outbox
  readonly mail: Mail
  /** The folder for texts from an editor that could not be used. */
  readonly refusedTexts: string
  /** What the screen shows of the agent's turns. */
  readonly shown: Shown
  /** Whether inner thoughts and tool calls are shown. */
  thoughts: boolean
  /** Something was asked for that failed; decides on the exit status of a piped chat. */
  failed: boolean
  /** Leaves after the present line: for good, or for another agent. */
  leaving: Leaving | undefined
}

export interface Leaving {
  /** The agent to talk to next. */
  readonly to?: string
  /** It is to be a new one. */
  readonly anew?: boolean
}

/** What the agent is at for whoever reads the screen: the turn that runs; while none does, the message of their own that has its turn next. */
export interface Work {
  /** Unknown of a turn that was met in its middle. */
  readonly eventId?: string
  /** Absent where it has not begun. */
  readonly turn?: number
}

/** What a reader of the screen knows. */
export interface Shown {
  /** The event whose question, or notice, stands last: what is answered next without one being named is that. */
  question: string | undefined
  /** The turn that is in progress, and does not stand still. */
  running: Work | undefined
  /** What it is doing, in a word. */
  doing: string
  /** The agent is parked, as far as was told. */
  parked: boolean
  /** When it tries again by itself then, epoch milliseconds, as far as was told. */
  retryAt?: number | undefined
  /** When this chat has last let it go on, epoch milliseconds. */
  letGoOnAt?: number
}
