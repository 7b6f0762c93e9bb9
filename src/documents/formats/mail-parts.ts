import type { Attachment } from 'postal-mime'
import { decodeText } from '../decode.ts'
import type { Part } from '../part.ts'
import { cardParts } from './cards.ts'
import { textParts } from './text.ts'

/** What servers and programs tell of a message, in fields that a person can read: where it went, whether it was shown, who complains. */
const reports = /^(?:message\/(?!rfc822|global$|partial|external-body|http)|text\/rfc822-headers$)/
/** Text with marks of its own, which no program of mail shows as it stands. */
const marked = /^text\/(?:(?:x-amp-|watch-)?html|css|rtf|richtext|enriched)$/

/** A message within a message. */
export const isMessage = ({ mimeType }: Attachment): boolean => mimeType === 'message/rfc822' || mimeType === 'message/global'

/** An invitation, or an address card, which a program of mail shows with the message. */
export const isCard = ({ mimeType, filename, method }: Attachment): boolean => (mimeType === 'text/calendar' && (method !== undefined || !filename)) || (/^text\/(?:x-)?vcard$/.test(mimeType) && !filename)

/** What a program of mail shows below a message's text, though it is neither plain text nor HTML; undefined for what is attached. */
export function shownParts(attachment: Attachment): Iterable<Part> | undefined {
  const { mimeType, disposition, filename } = attachment
  const isInline = mimeType.startsWith('text/') && !marked.test(mimeType) && disposition !== 'attachment' && (disposition === 'inline' || !filename)
  if (!isCard(attachment) && !isInline && !reports.test(mimeType)) return undefined
  try {
    const text = decodeText(bytesOf(attachment), 'eml').replaceAll(/\r\n?/g, '\n')
    return isCard(attachment) ? cardParts(text) : textParts(text)
  } catch {
    // What it says of itself is not so; the message around it can be read all the same.
    return undefined
  }
}

/** Text with marks for bold letters and colours, as some programs once wrote it beside plain text or in its place; undefined for what is none. */
export function enrichedParts(attachment: Attachment): Iterable<Part> | undefined {
  if (!/^text\/(?:enriched|richtext)$/.test(attachment.mimeType)) return undefined
  const text = decodeText(bytesOf(attachment), 'eml').replaceAll(/\r\n?/g, '\n').replaceAll(/<param>[^<]{0,200}<\/param>/gi, '')
  return textParts(text.replaceAll(/<<|<\/?[a-z][\w-]{0,60}>/gi, (mark) => (mark === '<<' ? '<' : '')))
}

export const bytesOf = ({ content }: Attachment): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content))
