import iconv from 'iconv-lite'

/** By the names that the web knows, else by those of older systems. @throws Error for a name that nobody knows */
export function decodeAs(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding)
  }
}
