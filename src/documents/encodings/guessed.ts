import { analyse } from 'chardet'
import type { ManyCharacters } from './common-characters.ts'
import { decodeAs } from './decode-as.ts'
import { likeness } from './likeness.ts'
import { bitsOf } from './likelihood.ts'

/** Bytes from which an encoding is guessed. */
const sample = 64 * 1024
/** What people's older systems wrote, and what is not told apart by bytes alone. */
const candidates = [
  'windows-1252', 'windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-874', 'iso-8859-2', 'iso-8859-15', 'iso-8859-5', 'iso-8859-7', 'koi8-r', 'koi8-u',
  'cp437', 'cp850', 'cp852', 'ibm866', 'macintosh', 'x-mac-cyrillic', 'maccenteuro', 'iso-8859-6', 'windows-1258', 'cp737', 'cp855', 'cp857', 'cp862', 'macgreek', 'macturkish', 'cp1125', 'koi8-t', 'georgianps', 'georgianacademy',
]
/** Sets of two bytes for a character, in which a wrong guess shows by what can't be decoded. */
const double: ReadonlyMap<string, ManyCharacters> = new Map([['shift_jis', 'japanese'], ['euc-jp', 'japanese'], ['gb18030', 'simplified'], ['big5', 'traditional'], ['euc-kr', 'korean']])
/** Few files are left of these, in which the quotation marks and dashes of Windows are letters. */
const rare = new Set(['cp437', 'cp850', 'cp852', 'macintosh', 'maccenteuro', 'cp737', 'cp855', 'cp857', 'cp862', 'macgreek', 'macturkish'])
/** So are these, which longer texts tell apart. */
const rareInShort = new Set([...rare, 'iso-8859-5', 'iso-8859-6', 'windows-1258', 'x-mac-cyrillic', 'cp1125', 'koi8-t', 'georgianps', 'georgianacademy'])
const behind = 0.08
/** Two bytes that are a common character by chance are rarer than one that is a letter. */
const ahead = 0.06
/** Below this a text does not look like one of any language. */
const least = 0.5

/**
 * The encoding in which the bytes look most like a language, by the lines that have letters beyond ASCII. Undefined for none, and for a short text that
 * may be of two bytes for a character, where no reading is by far the likeliest.
 * @param mostlyUtf8 what they are as UTF-8, but for a few of them
 */
export function guessedEncoding(bytes: Uint8Array, mostlyUtf8?: string): string | undefined {
  if (isEbcdic(bytes.subarray(0, sample))) return undefined
  const head = telling(bytes)
  if (hasFrames(head)) return likest(ofDos.map((encoding) => ({ encoding, text: '', score: 1 + likeness(decodeAs(head, encoding).replaceAll(/[\u2500-\u259f]/g, ''), undefined) - (encoding === 'cp437' ? 0 : 0.01) })))
  const likely = new Map(analyse(head).map(({ name, confidence }) => [name.toLowerCase(), confidence]))
  const readings = [...candidates, ...double.keys()].map((encoding): Reading => {
    const text = decodeAs(head, encoding)
    const language = double.get(encoding)
    // The detector knows the commonest letters and pairs of letters of languages. It does not know the sets of DOS and of old Macs.
    return { encoding, text, score: likeness(text, language) + (language === undefined ? 0 : ahead) - (rare.has(encoding) ? behind : 0) + (likely.get(encoding) ?? likely.get(alias[encoding] ?? '') ?? 0) / 1_000 }
  })
  return isShort(head) ? ofShort(readings, mostlyUtf8, wordsIn(bytes)) : likest(readings)
}

/** Sets that have lines and blocks to draw frames with, all at the same places. */
const ofDos = ['cp437', 'cp850', 'cp852', 'ibm866', 'cp737', 'cp857', 'cp862']
/** So many signs of a frame stand beside each other at least, so many times. */
const frame = /\u00c4{4,}|\u00cd{4,}|\u00db{4,}|\u00dc{4,}|\u00df{4,}/g
const leastFrames = 2

/** What only frames are made of: lines with their corners and crossings, blocks beside each other, and signs that stand apart from all letters. In other sets these are letters, of words. */
const ofFrames = /(?:[\u00b0-\u00df]?(?:\u00c4{2,}|\u00cd{2,}))+[\u00b0-\u00df]?|[\u00b0-\u00b2\u00db-\u00df]{3,}|(?<![\u0080-\u00ffA-Za-z])[\u00b0-\u00df](?![\u0080-\u00ffA-Za-z])/g

/** Whether most bytes beyond ASCII are of frames. The same letter stands four times in a row where people write as they speak, or of two bytes. */
function hasFrames(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1')
  if ((text.match(frame)?.length ?? 0) < leastFrames) return false
  const beyond = text.match(/[\u0080-\u00ff]/g)?.length ?? 0
  return (text.match(ofFrames) ?? []).join('').length > beyond / 2
}

/** Words of ASCII, and numbers, at the beginning. */
const wordsIn = (bytes: Uint8Array): number => Buffer.from(bytes.subarray(0, sample)).toString('latin1').match(/(?<![A-Za-z\u0080-\u00ff])[A-Za-z]{2,20}(?![A-Za-z\u0080-\u00ff])|\d+/g)?.length ?? 0

interface Reading {
  readonly encoding: string
  readonly text: string
  /** How much it looks like a language. */
  readonly score: number
}

/** @param ofWest how much likelier the set of the West is than what its letters say */
function likest(readings: readonly Reading[], ofWest = 0): string | undefined {
  const place = ({ encoding, score }: Reading): number => score + (encoding === 'windows-1252' ? ofWest : 0)
  const sorted = readings.toSorted((a, b) => place(b) - place(a))
  const best = sorted[0]
  if (best === undefined || best.score < least) return undefined
  return /^(?:koi8|georgian)/.test(best.encoding) ? koi8OrGeorgian(best, sorted).encoding : best.encoding
}

/**
 * Letters of Georgian stand where KOI8 has its small letters, and each word of one is one of the other, of letters that no such language has so often.
 */
function koi8OrGeorgian(best: Reading, sorted: readonly Reading[]): Reading {
  const near = sorted.filter(({ score }) => score >= best.score - behind)
  const koi8 = near.find(({ encoding }) => encoding.startsWith('koi8'))
  const all = [...(koi8 === undefined ? [] : [koi8]), ...near.filter(({ encoding }) => encoding.startsWith('georgian'))]
  return all.map((reading) => ({ reading, bits: bitsOf(reading.text, undefined) })).toSorted((a, b) => a.bits - b.bits)[0]?.reading ?? best
}

/** Whether it has so few bytes beyond ASCII that a mean of its characters says little. */
export const isShort = (bytes: Uint8Array): boolean => bytes.reduce((sum, byte) => sum + (byte >= 0x80 ? 1 : 0), 0) <= 24

/** So many bits likelier than any other a reading has to be, where it or the other is of a set of two bytes. */
const certain = 4.5
/** So many bits rarer is a file in one of the rare sets. */
const rarer = 5

/** So much likelier is a short text in the set of the West than in another of one byte for a letter, where both give letters that are usual. */
const western = 0.05
/** In bits, at most: among words of the West a few other bytes are most often letters or signs of it. */
const amongWords = 3

/** So many bits likelier than any other a reading in letters that are not Latin has to be, where all are of one byte for a letter. */
const surely = 2
/** So many bits rarer than a text of Latin letters is one of others. */
const notLatin = 3
const otherLetters = /[\p{Script=Georgian}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}]/u

/**
 * Two bytes that are one character in one set are a word of two letters in another, and a word of one language is written as one of another is in another
 * set: what is not certain is not guessed. Among sets of Latin letters alone a guess is the best there is, and may have a wrong letter.
 */
function ofShort(readings: readonly Reading[], mostlyUtf8: string | undefined, asciiWords: number): string | undefined {
  const all = mostlyUtf8 === undefined ? readings : [...readings, { encoding: 'utf-8', text: mostlyUtf8, score: least }]
  const rarity = ({ encoding, text }: Pick<Reading, 'encoding' | 'text'>): number => {
    const isOther = otherLetters.test(text)
    return (rareInShort.has(encoding) ? rarer : 0) + (isOther ? notLatin : 0) + (isOther || double.has(encoding) ? Math.min(amongWords, asciiWords) : 0)
  }
  const likely = all.map(({ encoding, text }) => ({ encoding, text, bits: bitsOf(text, double.get(encoding)) + rarity({ encoding, text }) })).toSorted((a, b) => a.bits - b.bits)
  const [best] = likely
  const isOfTwo = best !== undefined && double.has(best.encoding)
  const rival = likely.find(({ encoding, text }) => text !== best?.text && (isOfTwo || double.has(encoding)))
  if (best === undefined || (rival !== undefined && rival.bits - best.bits < certain)) return undefined
  if (isOfTwo) return best.encoding
  if (mostlyUtf8 !== undefined && (best.encoding === 'utf-8' || !otherLetters.test(best.text))) return 'utf-8'
  if (!otherLetters.test(best.text)) return likest(readings.filter(({ encoding, text }) => !double.has(encoding) && !otherLetters.test(text)), western)
  const next = likely.find(({ text }) => text !== best.text)
  return next === undefined || next.bits - best.bits >= surely ? best.encoding : undefined
}

/**
 * Mainframes write a blank as 0x40 and their letters beyond ASCII, in rows of nine. In all other sets a text of words has a blank or a line end of
 * ASCII, and where it is of two bytes for a character, some of them are no such letters.
 */
function isEbcdic(head: Uint8Array): boolean {
  if (head.includes(0x20) || head.includes(0x0a)) return false
  let [blanks, letters] = [0, 0]
  for (const byte of head) {
    if (byte === 0x40) blanks += 1
    else if (byte >= 0x81 && byte <= 0xf9 && (byte & 0x0f) <= 9) letters += 1
  }
  return blanks > head.length / 20 && blanks + letters > head.length * 0.9
}

const alias: Readonly<Record<string, string>> = { 'windows-1252': 'iso-8859-1', 'windows-1253': 'iso-8859-7', 'windows-1254': 'iso-8859-9', 'windows-1255': 'iso-8859-8', 'windows-1256': 'iso-8859-6', 'windows-1250': 'iso-8859-2' }

/** Lines with letters beyond ASCII, wherever in the file they stand. */
function telling(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let size = 0
  for (let from = 0; from < bytes.length && size < sample; ) {
    const next = bytes.indexOf(10, from)
    const end = next < 0 ? bytes.length : next + 1
    const line = bytes.subarray(from, Math.min(end, from + sample))
    if (line.some((byte) => byte >= 0x80)) {
      parts.push(line)
      size += line.length
    }
    from = end
  }
  return Buffer.concat(parts).subarray(0, sample)
}
