import { isCommon, isKnown, type ManyCharacters } from './common-characters.ts'
import { isSignInPlace, worth } from './likeness.ts'

/** Letters by how often texts have them, in thousandths: of Russian and Ukrainian, Greek, Hebrew, Arabic, Georgian. About so, as found in running text. */
const thousandths = `
о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 і25 я20 ы19 ь17 г17 з17 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 є3 ї3 ё1 ъ.4 ґ.1 ј.1 љ.1 њ.1 ћ.1 ђ.1
α100 ο89 ι78 ε79 τ79 σ49 ν65 η48 υ42 ρ46 π40 κ41 μ32 λ29 ς39 ω16 δ17 γ18 χ12 θ11 φ8 β7 ζ4 ξ5 ψ2 ί25 ό20 έ19 ά18 ή15 ύ11 ώ9 ϊ.5 ϋ.1 ΐ.1 ΰ.02
י110 ה109 ו104 ל74 א63 ר56 ת50 ב47 מ46 ש44 ע32 ם30 נ29 כ27 ד26 ח25 ק21 פ17 ס15 ן14 ז13 ט12 ג12 צ12 ך8 ף2 ץ1
ا125 ل113 ي72 ن66 م65 و60 ر49 ت46 ب43 ة42 ه38 ع37 د34 س29 ف29 ق26 ك23 ح21 أ17 ج14 ش11 ص11 ط10 ى10 خ10 إ10 ث7 ذ6 ض6 ز6 غ5 ء4 ئ3 ظ2 ؤ1 آ1
ა155 ი115 ე95 ს65 რ62 მ58 ო52 ლ45 ნ45 დ45 ვ43 ბ38 თ33 უ33 გ22 ხ18 კ18 ც14 შ13 ქ11 ღ11 ტ11 ყ8 წ10 ძ7 პ8 ზ6 ჩ7 ფ4 ჯ3 ჭ2 ჟ1 ჰ1`
const frequencies: ReadonlyMap<string, number> = new Map(Array.from(thousandths.matchAll(/(\p{L})([\d.]+)/gu), ([, letter = '', count]) => [letter, -Math.log2(Number(count) / 1_000)]))

/** What a capital letter adds at the beginning of a word, and in a word of capitals. */
const [capital, capitals] = [2.5, 1]

/** In bits; undefined for letters of no table. */
function bitsOfFrequency(before: string, character: string, after: string): number | undefined {
  const own = frequencies.get(character)
  if (own !== undefined) return own
  const small = frequencies.get(character.toLowerCase())
  return small === undefined ? undefined : small + (/\p{Lu}/u.test(before + after) ? capitals : capital)
}

/** So much rarer is a word of Greek that lacks its accent. */
const unaccented = 5

/** Words of Greek in small letters that have two syllables and no accent: nearly each such word has one. */
const withoutAccent = (text: string): number => (text.match(/\p{Script=Greek}+/gu) ?? []).filter((word) => /[αεηιουω][^αεηιουω]+[αεηιουω]/.test(word) && !/[άέήίόύώΐΰΆΈΉΊΌΎΏ]/.test(word)).length

/** How unlikely a short text is in a set, in bits: those of its characters, by how often the language of the set has them. Readings of the same bytes compare. */
export function bitsOf(text: string, language: ManyCharacters | undefined): number {
  const characters = Array.from(text)
  const ofCharacters = characters.reduce((sum, character, index) => sum + (language === undefined ? bitsOfLetter : bitsOfMany)(character, characters[index - 1] ?? ' ', characters[index + 1] ?? ' ', language), 0)
  return ofCharacters + withoutAccent(text) * unaccented
}

/** Of Thai. */
const thai = new Set('นรกอางมเยลวดทสตะปบ')

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
  const frequency = bitsOfFrequency(before, character, after)
  if (frequency !== undefined) return frequency + (value >= 0.75 ? 0 : 2)
  if (thai.has(character)) return 4.2
  return value >= 1 ? (/\p{Lu}/u.test(character) ? 7.5 : 6.8) : 9
}
