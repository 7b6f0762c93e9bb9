import { isCommon, isKnown, type ManyCharacters } from './common-characters.ts'
import { isSignInPlace, worth } from './likeness.ts'

/** Letters that make up most of a text, of Russian, Ukrainian, Bulgarian and Serbian; of Greek, Hebrew, Arabic and Thai. */
const frequent = new Set('оеаинтсрвлкмдпуяыіοαιετνσηρπκμλςόάήίיוהלאמרתבשםןنايلمرتوبةدسعนรกอางมเยลวดทสตะปบ')

/** How unlikely a short text is in a set, in bits: those of its characters, by how often the language of the set has them. Readings of the same bytes compare. */
export function bitsOf(text: string, language: ManyCharacters | undefined): number {
  const characters = Array.from(text)
  return characters.reduce((sum, character, index) => sum + (language === undefined ? bitsOfLetter : bitsOfMany)(character, characters[index - 1] ?? ' ', characters[index + 1] ?? ' ', language), 0)
}

const isAsciiLetter = (character: string): boolean => /[A-Za-z]/.test(character)

/** Of a letter of ASCII within a word of others, which is half of another character in another set. */
const ofAscii = (character: string, before: string, after: string): number => (isAsciiLetter(character) && [before, after].some((one) => /[^\0-\u02ff]/.test(one)) ? 10 : 5)

function bitsOfMany(character: string, before: string, after: string, language: ManyCharacters | undefined): number {
  if (character < '\u0080') return ofAscii(character, before, after)
  const isAlone = before < '\u0080' && after < '\u0080'
  const apart = ([before, after].some(isAsciiLetter) ? 5 : 0) + (isAlone ? 3 : 0)
  if (/[\p{Script=Han}\uac00-\ud7a3]/u.test(character)) return apart + (isCommon(character, language) ? 9.7 : language !== undefined && isKnown(character, language) ? 14.5 : 18)
  if (/[\u3041-\u30fc]/.test(character) && language === 'japanese') return 8
  if (/[\u3001\u3002\u300c-\u300f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]/.test(character)) return isAlone ? apart + 9 : 9
  // Each byte of a sign or a letter of the West is one. Who writes them writes words of them.
  if (/[\uff61-\uff9f]/.test(character)) return isAlone ? 16 : 8
  return /[\ufffd\p{Cc}\p{Co}\p{Cn}]/u.test(character) ? 30 : 17
}

function bitsOfLetter(character: string, before: string, after: string): number {
  if (character < '\u0080') return ofAscii(character, before, after)
  const value = worth(before, character, after)
  if (before < '\u0080' && after < '\u0080' && (isSignInPlace(before, character, after) || (value >= 0.9 && !/[\p{L}\p{M}]/u.test(character)))) return 6
  if (value < 0) return 11 - value * 4
  if (value < 0.5) return 11
  if (frequent.has(character)) return 4.2
  return value >= 1 ? (/\p{Lu}/u.test(character) ? 7.5 : 6.8) : 9
}
