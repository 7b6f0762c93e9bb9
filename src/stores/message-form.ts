import type { ContentPart } from '../protocol/content.ts'
import type { StoredMessage } from '../protocol/messages.ts'

/** A message as stores keep it: what it says is a list of parts, so that one with a picture needs no other form. */
export type MessageForm = Omit<StoredMessage, 'text'> & { readonly content: readonly ContentPart[] }

/** What schemas up to 3 wrote. */
type EarlierForm = StoredMessage & { readonly content?: never }

/** The one place where a message becomes what is stored, and that a message again. */
export function messageForm({ text, ...message }: StoredMessage): MessageForm {
  return { ...message, content: [{ type: 'text', text }] }
}

export function messageOf(form: MessageForm | EarlierForm): StoredMessage {
  if (form.content === undefined) return form
  const { content, ...message } = form
  return { ...message, text: content.map(({ text }) => text).join('\n') }
}

/** The text that a search of recall memory looks through: the message to the user if there is one, else the text. */
export const searchedTextOf = (message: Pick<StoredMessage, 'text' | 'reply'>): string => message.reply ?? message.text
