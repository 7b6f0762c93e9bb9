import { crc32, inflateRawSync } from 'node:zlib'
import { DocumentProblem } from './problem.ts'

/** Bytes that are unpacked of one document, all in all. What is not read, such as pictures, is not unpacked. */
export const mostUnpacked = 256 * 1024 * 1024

interface Entry {
  readonly sum: number
  readonly method: number
  readonly encrypted: boolean
  readonly packed: number
  readonly unpacked: number
  readonly at: number
}

const signs = { end: 0x06054b50, entry: 0x02014b50, local: 0x04034b50 }
const endBytes = 22
const mostComment = 0xffff

/**
 * A ZIP archive in memory, read by its directory. Sizes are bounded by what the directory says, and again while it is unpacked. What has not the
 * sum that it had when it was packed is damaged: it would lose text without a word.
 */
export class Zip {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #entries: ReadonlyMap<string, Entry>
  #left = mostUnpacked
  #byLetters: ReadonlyMap<string, string> | undefined

  /** @throws Error for what has no complete directory */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#entries = entriesOf(this.#view, bytes)
  }

  /** Whether there is one of that name, whatever its capital letters are, and how its accents are put: to Office and to file systems these are the same. */
  has(name: string): boolean {
    return this.#entry(name) !== undefined
  }

  #entry(name: string): Entry | undefined {
    const entry = this.#entries.get(name)
    if (entry !== undefined) return entry
    this.#byLetters ??= new Map(this.names.map((one) => [byLetters(one), one]))
    const other = this.#byLetters.get(byLetters(name))
    return other === undefined ? undefined : this.#entries.get(other)
  }

  get names(): string[] {
    return [...this.#entries.keys()]
  }

  /**
   * Undefined where there is none of that name.
   * @throws DocumentProblem `document-too-large`, `document-encrypted`; Error for what is damaged
   */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entry(name)
    if (entry === undefined) return undefined
    if (entry.encrypted) throw new DocumentProblem('document-encrypted', 'is encrypted; save it without a password first')
    if (entry.unpacked > this.#left) throw tooLarge()
    const begin = entry.at + 30 + this.#view.getUint16(entry.at + 26, true) + this.#view.getUint16(entry.at + 28, true)
    const packed = this.#bytes.subarray(begin, begin + entry.packed)
    if (packed.length < entry.packed) throw new Error('cut off')
    const unpacked = entry.method === 0 ? packed : inflate(packed, entry.method, this.#left)
    if (crc32(unpacked) !== entry.sum) throw new Error('not what was packed')
    this.#left -= unpacked.length
    return unpacked
  }
}

const byLetters = (name: string): string => name.toLowerCase().normalize('NFC')

const tooLarge = (): DocumentProblem => new DocumentProblem('document-too-large', `unpacks to more than ${mostUnpacked / 1024 / 1024} MiB; split it`)

function inflate(packed: Uint8Array, method: number, most: number): Uint8Array {
  if (method !== 8) throw new Error(`packed by method ${method}`)
  try {
    // Node wants at least one byte.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw error
  }
}

function entriesOf(view: DataView, bytes: Uint8Array): Map<string, Entry> {
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  const entries = new Map<string, Entry>()
  let at = view.getUint32(end + 16, true)
  for (let index = 0; index < count; index += 1) {
    if (view.getUint32(at, true) !== signs.entry) throw new Error('no directory')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [number, number, number]
    const name = nameIn(bytes, at + 46, nameLength)
    const sizes = sizesOf(view, at, at + 46 + nameLength, extraLength)
    const encrypted = (view.getUint16(at + 8, true) & 1) === 1
    // Under another name its text would be lost without a word.
    if (view.getUint32(sizes.at, true) !== signs.local || nameIn(bytes, sizes.at + 30, view.getUint16(sizes.at + 26, true)) !== name) throw new Error('no such entry where the directory says')
    entries.set(name, { sum: view.getUint32(at + 16, true), method: view.getUint16(at + 10, true), encrypted, ...sizes })
    at += 46 + nameLength + extraLength + commentLength
  }
  // An entry that is not in it would be lost without a word.
  if (at < view.byteLength && view.getUint32(at, true) === signs.entry) throw new Error('a directory that says too little of itself')
  return entries
}

const nameIn = (bytes: Uint8Array, from: number, length: number): string => new TextDecoder().decode(bytes.subarray(from, from + length)).replaceAll('\\', '/').replace(/^\//, '')

/** Some writers put them into an extra field of eight bytes each, however small they are. */
function sizesOf(view: DataView, at: number, extra: number, extraLength: number): Pick<Entry, 'packed' | 'unpacked' | 'at'> {
  let long: number | undefined
  for (let field = extra; field + 4 <= extra + extraLength; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) === 1) long = field + 4
  }
  // In this order, and only those that do not fit into four bytes.
  const [unpacked, packed, local] = [24, 20, 42].map((field) => {
    const short = view.getUint32(at + field, true)
    if (short !== 0xffffffff || long === undefined) return short
    long += 8
    return Number(view.getBigUint64(long - 8, true))
  }) as [number, number, number]
  return { packed, unpacked, at: local }
}

function endOf(view: DataView): number {
  for (let at = view.byteLength - endBytes; at >= Math.max(0, view.byteLength - endBytes - mostComment); at -= 1) {
    if (view.getUint32(at, true) === signs.end) return at
  }
  throw new Error('no directory')
}
