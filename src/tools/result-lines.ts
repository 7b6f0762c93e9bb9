import type { StoredMessage } from '../protocol/messages.ts'
import type { Passage } from '../stores/archival.ts'
import { renderTime } from './result-page.ts'
import { excerpt } from './text.ts'

/** A page of results of either kind stays below the characters that a tool's result may have. */
const messageCharacters = 1_000
const passageCharacters = 2_400

/** One line after the other: what else the process has to do comes in between. */
export async function linesOf<Item>(items: readonly Item[], lineOf: (item: Item) => Promise<string>): Promise<readonly string[]> {
  const lines: string[] = []
  for (const item of items) lines.push(await lineOf(item))
  return lines
}

/** @param near those that have none of the words */
export async function messageLine(message: StoredMessage, query: string, near: readonly number[] = []): Promise<string> {
  return `[${renderTime(message.at)}${near.includes(message.seq) ? ', near by meaning' : ''}] ${speaker(message)}: ${await excerpt(message.reply ?? message.text, query, messageCharacters)}`
}

export async function passageLine({ at, source, tags, text }: Passage, query: string): Promise<string> {
  const tagged = tags.length > 0 ? ` #${tags.join(' #')}` : ''
  return `[${renderTime(at)}] ${source}${tagged}: ${await excerpt(text, query, passageCharacters)}`
}

/** The reader is the agent, so its replies are its own words. */
function speaker({ role, reply, kind }: StoredMessage): string {
  if (reply !== undefined) return 'you'
  return kind === undefined || kind === 'user-message' ? role : `${role} (${kind})`
}
