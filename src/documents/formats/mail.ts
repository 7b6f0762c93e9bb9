import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime'
import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import { decodeText } from '../decode.ts'
import { headingSeparator, type Part } from '../part.ts'
import { noteAttachments } from './attachments.ts'
import { htmlParts } from './html.ts'
import { withReadableHeads } from './mail-heads.ts'
import { bytesOf, enrichedParts, isCard, isMessage, shownParts } from './mail-parts.ts'
import { textParts } from './text.ts'

/** A message with its head and its text. What is attached is named. Apple's programs write the length of a message above it, and what they know of it below. */
export async function* emlParts(bytes: Uint8Array, found: Found): AsyncGenerator<Part> {
  const unread: string[] = []
  // A field of a head follows: subtitles begin with a number too.
  const [, line = '', length = ''] = /^((\d{1,10}) *\r?\n)[A-Za-z][\w-]*:/.exec(Buffer.from(bytes.subarray(0, 128)).toString('latin1')) ?? []
  const end = line.length + Number(length)
  const isCounted = line !== '' && Buffer.from(bytes.subarray(end, end + 8)).toString('latin1').trimStart().startsWith('<?xml')
  yield* messageParts(bytes.subarray(line.length, isCounted ? end : undefined), unread)
  noteAttachments(found, unread)
}

/** A mailbox: messages one after the other, each begun by a line `From …`. */
export async function* mboxParts(bytes: Uint8Array, found: Found): AsyncGenerator<Part> {
  const unread: string[] = []
  const box = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let from = 0
  while (from < box.length) {
    const next = nextMessage(box, from + 1)
    const lineEnd = box.indexOf('\n', from)
    yield* messageParts(withoutMarks(box.subarray(box.indexOf('From ', from) === from ? lineEnd + 1 : from, next)), unread)
    from = next
  }
  noteAttachments(found, unread)
}

/**
 * A line `From ` above a field of a head. Most programs write an empty line before it, and `>From ` in a message's own text; of those that do not, it
 * is told by its date.
 */
function nextMessage(box: Buffer, after: number): number {
  for (let at = box.indexOf('\nFrom ', after); at >= 0; at = box.indexOf('\nFrom ', at + 1)) {
    const before = box.subarray(Math.max(0, at - 2), at).toString('latin1')
    const isApart = before.endsWith('\n') || before === '\n\r'
    const [, line = ''] = /^\n([^\n]*)\r?\n(?:>?From |[!-9;-~]+[ \t]*:)/.exec(box.subarray(at, at + mostOfLine).toString('latin1')) ?? []
    if (line !== '' && (isApart || /\d\d:\d\d.*\d{4}/.test(line))) return at + 1
  }
  return box.length
}
const mostOfLine = 1_200

/** A line of a message's own text that begins as the line between two messages does has a mark in a mailbox. */
const withoutMarks = (message: Buffer): Buffer => (message.includes('\n>From ') || message.includes('\n>>From ') ? Buffer.from(message.toString('latin1').replaceAll(/^>(?=>*From )/gm, ''), 'latin1') : message)

/** So many messages stand within one another at most; a deeper one is named. */
const deepest = 12

async function* messageParts(bytes: Uint8Array, unread: string[], depth = 0): AsyncGenerator<Part> {
  const mail = await PostalMime.parse(Uint8Array.from(withReadableHeads(bytes)), { forceRfc822Attachments: false })
  const heading = mail.subject?.replaceAll(/\s+/g, ' ').trim()
  const packed: string[] = []
  const parts = bodyParts(mail, packed)
  const attached: Attachment[] = []
  const messages: Attachment[] = []
  /** Invitations and address cards: some programs send one twice. What else stands in a message is told as often as it says it. */
  const shown = new Set<string>()
  for (const attachment of mail.attachments) {
    if (isMessage(attachment) && depth < deepest) messages.push(attachment)
    else {
      const more = shownParts(attachment) ?? (parts.length === 0 ? enrichedParts(attachment) : undefined)
      if (more === undefined && !isOfPage(attachment, mail)) attached.push(attachment)
      else for (const part of more ?? []) {
        if (isCard(attachment)) {
          if (shown.has(part.text)) continue
          shown.add(part.text)
        }
        parts.push(ofNoFile(part))
      }
    }
  }
  if (parts.length === 0 && mail.attachments.length === 0 && /^multipart\//i.test(typeOf(mail))) parts.push(...withoutParts(bytes))
  const head = headOf(mail, attached)
  if (head !== '') yield { text: head, ...(heading && { heading }) }
  for (const { text, heading: inner } of parts) {
    const path = [heading, inner].filter((one) => one).join(headingSeparator)
    yield { text, ...(path !== '' && { heading: path }) }
  }
  unread.push(...packed, ...attached.map(nameOf))
  for (const message of messages) yield* messageParts(bytesOf(message), unread, depth + 1)
}

const typeOf = ({ headers }: Email): string => headers.find(({ key }) => key === 'content-type')?.value ?? ''

/** A message that is said to have parts, and has no line where one begins. */
function withoutParts(bytes: Uint8Array): Part[] {
  const [, body = ''] = /\r?\n\r?\n([^]*)$/.exec(decodeText(bytes, 'eml')) ?? []
  return Array.from(textParts(body.replaceAll(/\r\n?/g, '\n')), ofNoFile)
}

/** A style or a picture that the message's page, or one that a browser has saved in one file, is made of: nobody has attached it, and it has no name. */
const isOfPage = ({ filename, mimeType, related }: Attachment, mail: Email): boolean =>
  !filename && (related === true || /^multipart\/related/i.test(typeOf(mail))) && /^(?:audio|font|image|video)\/|^text\/css$|javascript$|font/i.test(mimeType)

const nameOf = ({ filename, mimeType }: Attachment): string => filename ?? mimeType

/** Lines of a message are of no file. */
const ofNoFile = ({ text, heading }: Part): Part => ({ text, ...(heading !== undefined && { heading }) })

/** A file as mail held it before there were attachments: lines of signs within the text. */
const uuencoded = /^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?:[!-`][ -`]{1,84}\r?\n)+(?:[ `]\r?\n)?end[ \t]*$/gm

/** How many times as long as its text a message's HTML is where that text only says that there is HTML. */
const stub = 2

/** The text; of a message whose HTML says much more, what its reader sees. */
function bodyParts({ text: written = '', html }: Email, packed: string[]): Part[] {
  const text = written.replaceAll(uuencoded, (_, name: string) => {
    packed.push(name.trim())
    return ''
  })
  const shown = Array.from(htmlParts(html ?? '', 'html', new Blocks()))
  const plain = text.trim()
  const isStub = plain === '' || shown.reduce((sum, part) => sum + part.text.length, 0) > plain.length * stub
  const parts = isStub && shown.length > 0 ? shown : textParts(text.replaceAll(/\r\n?/g, '\n'))
  return Array.from(parts, ofNoFile)
}

function headOf({ subject, from, to = [], cc = [], date }: Email, attached: readonly Attachment[]): string {
  const names = (addresses: readonly Address[]): string => addresses.flatMap((one) => one.group ?? [one]).map(({ name, address }) => (name === '' ? address : address ? `${name} <${address}>` : name)).join(', ')
  const lines: readonly (readonly [name: string, value: string | undefined])[] = [
    ['From', from && names([from])], ['To', names(to)], ['Cc', names(cc)], ['Date', date], ['Subject', subject?.replaceAll(/\s+/g, ' ')], ['Attachments', attached.map(nameOf).join(', ')],
  ]
  return lines.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `${name}: ${value ?? ''}`).join('\n')
}
