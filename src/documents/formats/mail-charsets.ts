import PostalMime from 'postal-mime'
import { decodeText } from '../decode.ts'
import { decodeAs, webEncoding } from '../encodings/decode-as.ts'

/** A part of a message as the parser holds it. */
interface MailNode {
  content: ArrayBuffer | null
  readonly contentType: { readonly parsed: { readonly value: string; readonly params: Record<string, string> } }
  getTextContent(): string
}

/**
 * The parser of mail takes a set of letters that it does not know for that of Western Windows, which Node 20 reads as ISO's, and has no place where
 * another decoder can be given to it. So its parts get their text here, messages within messages too, before it looks at it.
 */
const { root } = new PostalMime() as unknown as { readonly root: MailNode }
const parts = Object.getPrototypeOf(root) as MailNode
const usual = Reflect.get(parts, 'getTextContent')
parts.getTextContent = function (this: MailNode): string {
  const { value, params } = this.contentType.parsed
  const text = this.content === null ? undefined : textOf(new Uint8Array(this.content), value === 'text/html' ? 'html' : 'txt', params['charset'])
  if (text !== undefined) {
    this.content = Uint8Array.from(Buffer.from(text)).buffer
    params['charset'] = 'utf-8'
  }
  return usual.call(this)
}

/** Undefined where the parser's own decoder does it. */
function textOf(bytes: Uint8Array, extension: string, charset = 'utf-8'): string | undefined {
  const label = charset.trim().toLowerCase()
  if (isOurs(label)) return decodeAs(bytes, label)
  if (webEncoding(label) !== 'utf-8' || !Buffer.from(bytes).toString('utf8').includes('\ufffd')) return undefined
  try {
    return decodeText(bytes, extension)
  } catch {
    return undefined
  }
}

const isOurs = (label: string): boolean => webEncoding(label) === 'windows-1252' || (webEncoding(label) === undefined && knows(label))

function knows(label: string): boolean {
  try {
    decodeAs(new Uint8Array(), label)
    return true
  } catch {
    return false
  }
}

/** The words of heads that name such a set (`=?cp850?Q?Gr=81n?=`), in UTF-8. */
export function withKnownWords(mail: Uint8Array): Uint8Array {
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength)
  if (!bytes.includes('=?')) return mail
  const text = bytes.toString('latin1').replaceAll(/=\?([\w.:-]{2,40})(?:\*[\w-]{1,20})?\?([QqBb])\?([^?\n]{0,400})\?=/g, (word, charset: string, form: string, content: string) => {
    if (!isOurs(charset.toLowerCase())) return word
    const coded = form.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : Buffer.from(content.replaceAll('_', ' ').replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
    return `=?utf-8?B?${Buffer.from(decodeAs(coded, charset)).toString('base64')}?=`
  })
  return Buffer.from(text, 'latin1')
}
