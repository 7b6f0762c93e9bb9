import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ImportedMessage } from '../../client/import-conversation.ts'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { isIsoTime } from '../../protocol/iso-time.ts'

/** Also under the names that other exports give them: `content` for the text, `timestamp` or `created_at` for the time. */
const messageShape = z
  .object({
    role: z.enum(['user', 'assistant'], { error: 'role is user or assistant' }),
    text: z.string().optional(),
    content: z.string().optional(),
    at: z.string().optional(),
    timestamp: z.string().optional(),
    created_at: z.string().optional(),
  })
  .transform(({ role, text, content, at, timestamp, created_at }) => ({ role, text: text ?? content, at: at ?? timestamp ?? created_at }))
  .refine(({ text }) => text !== undefined, 'text is missing')
  .refine(({ at }) => isIsoTime(at), 'at is missing or no time in ISO 8601, like 2024-05-08T13:56:00Z')
  .transform(({ role, text = '', at = '' }): ImportedMessage => ({ role, text, at }))

/**
 * Messages of a conversation, in their order: JSON Lines, or one JSON list.
 * @throws PerdureError `file-unreadable` naming the file, the place and what is wrong there
 */
export function readConversationFile(file: string): readonly ImportedMessage[] {
  const refuse = (what: string): PerdureError => new PerdureError('file-unreadable', `${file} ${what}; each message is {"role": "user" or "assistant", "text": …, "at": …}`)
  let content: string
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).trim()
  } catch (error) {
    throw refuse(`can't be read (${messageOf(error)})`)
  }
  if (content === '') throw refuse('is empty')
  const list = content.startsWith('[')
  const values = list ? read(content, 'the list', refuse) : content.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [read(line, `line ${index + 1}`, refuse)]))
  if (!Array.isArray(values)) throw refuse('is no list')
  return values.map((value: unknown, index) => {
    const parsed = messageShape.safeParse(value)
    if (parsed.success) return parsed.data
    throw refuse(`has a message that is not usable, number ${index + 1}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`)
  })
}

function read(text: string, where: string, refuse: (what: string) => PerdureError): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(`is not JSON at ${where} (${messageOf(error).slice(0, 120)})`)
  }
}
