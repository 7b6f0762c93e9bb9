import { invalidArgument } from '../../protocol/errors.ts'
import type { EventKind } from '../../protocol/events.ts'
import type { Chat } from '../chat/chat.ts'

/** A command of the chat. */
export interface SlashCommand {
  readonly name: string
  /** As the help shows it: `[NAME]` may, `NAME` must be given. */
  readonly argument?: string
  readonly summary: string
  /** Of several sentences or lines, for `/help NAME`. */
  readonly details?: string
  /** The agent does it between two turns. A person may go on typing until then. */
  readonly between?: true
  /** What can follow the name, for Tab. */
  readonly words?: (chat: Chat) => Promise<readonly string[]>
  /** Sends such an event, without a text of its own, and nothing else. */
  readonly event?: EventKind
  /** What it returns is printed. */
  run(chat: Chat, argument: string): Promise<string | undefined> | string | undefined
}

export const usageOf = ({ name, argument }: Pick<SlashCommand, 'name' | 'argument'>): string => `/${name}${argument === undefined ? '' : ` ${argument}`}`

/** @throws PerdureError `invalid-argument` */
export function required(argument: string, command: Pick<SlashCommand, 'name' | 'argument'>, what: string): string {
  if (argument !== '') return argument
  throw invalidArgument(`${what} is missing; write ${usageOf(command)}`)
}

/** @throws PerdureError `invalid-argument` */
export function wholeNumber(argument: string, most: number): number {
  const value = /^\d{1,9}$/.test(argument) ? Number(argument) : 0
  if (value >= 1 && value <= most) return value
  throw invalidArgument(`${JSON.stringify(argument)} is no number from 1 to ${most.toLocaleString('en-US')}`)
}
