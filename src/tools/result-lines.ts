import type { StoredMessage } from '../protocol/messages.ts'
import type { Passage } from '../stores/archival.ts'
import { renderTime } from './result-page.ts'
import { excerpt } from './text.ts'

/** A page of results of either kind stays below the characters that a tool's result may have. */
const messageCharacters = 1_000
const passageCharacters = 2_400

export function messageLine(message: StoredMessage, query: string): string {
  return `[${renderTime(message.at)}] ${speaker(message)}: ${excerpt(message.reply ?? message.text, query, messageCharacters)}`
}

export function passageLine({ at, source, tags, text }: Passage, query: string): string {
  const tagged = tags.length > 0 ? ` #${tags.join(' #')}` : ''
  return `[${renderTime(at)}] ${source}${tagged}: ${excerpt(text, query, passageCharacters)}`
}

/** The reader is the agent, so its replies are its own words. */
function speaker({ role, reply, kind }: StoredMessage): string {
  if (reply !== undefined) return 'you'
  return kind === undefined || kind === 'user-message' ? role : `${role} (${kind})`
}
