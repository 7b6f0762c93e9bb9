import { stripVTControlCharacters } from 'node:util'
import { eastAsianWidth } from 'get-east-asian-width'
import stringWidth from 'string-width'
import { graphemesOf } from './graphemes.ts'

/** Columns that a text takes in a terminal: wide characters take two, combining marks and styles none. */
export function widthOf(text: string): number {
  const bare = text.includes('\u001b') ? stripVTControlCharacters(text) : text
  return isPlain(bare) ? bare.length : graphemesOf(bare).reduce((width, character) => width + characterWidth(character), 0)
}

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** Measuring takes time, and characters come again. */
const known = new Map<string, number>()
const mostKnown = 10_000

/** Columns of a character as people see it. */
export function characterWidth(character: string): number {
  if (character.length === 1 && isPlain(character)) return 1
  const before = known.get(character)
  if (before !== undefined) return before
  if (known.size >= mostKnown) known.clear()
  const width = isEmoji(character) ? stringWidth(character) : codePointsWidth(character)
  known.set(character, width)
  return width
}

/** Terminals differ about emoji of several code points; most show them, and count them, as one. */
const isEmoji = (character: string): boolean => /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u.test(character)

/**
 * In all that people write with, terminals count each code point by itself, also where several are one character: a vowel behind its consonant
 * (Thai's SARA AM), or consonants that are joined (Devanagari's conjuncts).
 */
function codePointsWidth(character: string): number {
  let width = 0
  for (const codePoint of character) if (!takesNoColumn(codePoint)) width += eastAsianWidth(codePoint.codePointAt(0) ?? 0)
  return width
}

/** Marks above and below, what is not seen, halves of code points, and the vowels and last consonants that Hangul writes into a syllable. The soft hyphen is seen. */
const takesNoColumn = (codePoint: string): boolean => codePoint !== '\u00ad' && /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Cs}\u1160-\u11ff\ud7b0-\ud7ff]/u.test(codePoint)

/**
 * Whether all terminals count alike: one code point, and no emoji. Of what has several, some count each, others the first one only, or what a
 * table of an earlier Unicode says.
 */
export const isCountedAlike = (character: string): boolean => character.length === 1 ? !isEmoji(character) && characterWidth(character) > 0 : false
