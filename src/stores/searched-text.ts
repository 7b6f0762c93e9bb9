import type { StoredMessage } from '../protocol/messages.ts'

/** The text that a search of recall memory looks through: the message to the user if there is one, else the text. */
export const searchedTextOf = (message: Pick<StoredMessage, 'text' | 'reply'>): string => message.reply ?? message.text
