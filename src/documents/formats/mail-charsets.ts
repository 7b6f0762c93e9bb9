import PostalMime from 'postal-mime'
import { decodeText } from '../decode.ts'
import { unflowed } from './mail-flowed.ts'
import { decodeAs, isNarrower, webEncoding } from '../encodings/decode-as.ts'

/** A part of a message as the parser holds it. */
interface MailNode {
  content: ArrayBuffer | null
  readonly contentType: { readonly parsed: { readonly value: string; readonly params: Record<string, string> } }
  getTextContent(): string
}

/**
 * The parser of mail takes a set of letters that it does not know for that of Western Windows, reads all with Node's own decoders, and has no place where
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
  if (!/^flowed$/i.test(params['format'] ?? '')) return usual.call(this)
  params['format'] = 'fixed'
  return unflowed(usual.call(this), /^yes$/i.test(params['delsp'] ?? ''))
}

/** Undefined where the parser's own decoder does it. */
function textOf(bytes: Uint8Array, extension: string, charset = 'utf-8'): string | undefined {
  const label = charset.trim().toLowerCase()
  const says = !isUndeclared(label) && (webEncoding(label) !== undefined || knows(label))
  if (says && isOurs(label)) return decodeAs(bytes, label)
  if (says && webEncoding(label) !== 'utf-8') return undefined
  // What says nothing, and has letters by escapes or beyond ASCII, or says wrongly that it is UTF-8.
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.includes('\u001b') && !text.includes('\ufffd')) return says || /^[\0-\u007f]*$/.test(text) ? undefined : text
  try {
    return decodeText(bytes, extension)
  } catch {
    return undefined
  }
}

/** Names that say nothing of bytes beyond ASCII; the web takes the first for Western Windows. */
export const isUndeclared = (label: string): boolean => /^(?:us-ascii|ascii|ansi_x3\.4-\d{4}|x-user-defined|(?:x-)?unknown(?:-8bit)?|8bit|default|none)$/.test(label)

/** A set that the parser does not know, or reads wrongly. */
export const isOurs = (label: string): boolean => isNarrower(webEncoding(label) ?? '') || (webEncoding(label) === undefined && knows(label))

export function knows(label: string): boolean {
  try {
    decodeAs(new Uint8Array(), label)
    return true
  } catch {
    return false
  }
}
