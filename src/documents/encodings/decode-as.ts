import iconv from 'iconv-lite'

/** By the names that the web knows, else by those of older systems. @throws Error for a name that nobody knows */
export function decodeAs(bytes: Uint8Array, encoding: string): string {
  if (noSets.has(encoding.toLowerCase())) throw new Error(`${encoding} is no set of letters`)
  const decoder = decoderOf(encoding)
  if (decoder !== undefined && !narrower.has(decoder.encoding)) return decoder.decode(bytes)
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), decoder === undefined ? dosPage(encoding) : (narrower.get(decoder.encoding) ?? encoding))
}

/** Names under which the library gives bytes as they are, or written in digits: mail that says so of its letters says nothing. */
const noSets: ReadonlySet<string> = new Set(['binary', 'hex', 'base64'])

/**
 * Sets that the web takes as wider ones, and Node does not: of Western Windows it reads ISO's, in which quotation marks, dashes and the euro are control
 * characters; of Korean it lacks three syllables of four that Windows has (`똠방각하`), of Chinese the euro and the letters of Hong Kong.
 */
const narrower: ReadonlyMap<string, string> = new Map([['windows-1252', 'windows-1252'], ['euc-kr', 'cp949'], ['gbk', 'gb18030'], ['big5', 'big5-hkscs']])

/** Whether Node's own decoder, which libraries use, lacks characters of the encoding. */
export const isNarrower = (encoding: string): boolean => narrower.has(encoding)

/** What the web calls the encoding of this name; undefined for one that it does not know. */
export const webEncoding = (name: string): string | undefined => decoderOf(name)?.encoding

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(encoding)
  } catch {
    return undefined
  }
}

/** `DOS-850`, `x-cp850`, `csPC850Multilingual`: the names under which a page of DOS goes. */
function dosPage(encoding: string): string {
  const page = /^(?:x-?)?(?:cs)?(?:dos|cp|ibm|pc|oem)[-_]?(\d{3})(?!\d)/i.exec(encoding)?.[1]
  return page === undefined ? encoding : `cp${page}`
}
