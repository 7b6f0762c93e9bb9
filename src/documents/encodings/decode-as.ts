import iconv from 'iconv-lite'

/** By the names that the web knows, else by those of older systems. @throws Error for a name that nobody knows */
export function decodeAs(bytes: Uint8Array, encoding: string): string {
  const decoder = decoderOf(encoding)
  // Node 20 reads the set of Western Windows as ISO's, in which quotation marks, dashes and the euro are control characters.
  if (decoder !== undefined && decoder.encoding !== western) return decoder.decode(bytes)
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), decoder === undefined ? dosPage(encoding) : western)
}
const western = 'windows-1252'

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
