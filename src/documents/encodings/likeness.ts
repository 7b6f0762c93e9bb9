import { isCommon, isKnown, type ManyCharacters } from './common-characters.ts'

/** Letters beyond ASCII that languages use often. In the wrong set others come out: `Ÿ`, `¼`, `╬`. */
const usual = new Set('äöüßéèêëàâáãåæçñíìîïóòôõøœúùûýąćęłńśźżčďěňřšťůžőűăâîșțşţğıİģķļņāēīūėįųđ«»„“”’–—…°§€£')
/** Letters that are words of some language by themselves; a capital one is seldom a word. */
const words = new Set('àáâåäæèéêíîóôöøőúůý')
const inScript = /[\p{Script=Georgian}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/**
 * How much a decoded text looks like a language, by its characters beyond ASCII: from 1 for usual letters in usual places down to below 0 for
 * signs within words, small letters before capital ones, and what could not be decoded.
 * @param language of the set in which it was decoded, where that set is of one
 */
export function likeness(text: string, language?: ManyCharacters): number {
  const characters = Array.from(text)
  let sum = 0
  let counted = 0
  for (const [index, character] of characters.entries()) {
    if (character < '\u0080') continue
    counted += 1
    sum += worthOfMany(character, language) ?? worth(characters[index - 1] ?? ' ', character, characters[index + 1] ?? ' ')
  }
  return counted === 0 ? 0 : sum / counted
}

const vowel = /[áéíóúàèìòùâêîôûäëïöüåæøœ]/i

/** Vowel signs and points are parts of words. */
const isLetter = (character: string): boolean => /[\p{L}\p{M}]/u.test(character)
const isLower = (character: string): boolean => /\p{Ll}/u.test(character)
const isUpper = (character: string): boolean => /\p{Lu}/u.test(character)

/** Of the writings of East Asia; undefined for others. */
export function worthOfMany(character: string, language: ManyCharacters | undefined): number | undefined {
  if (/[\p{Script=Han}\uac00-\ud7a3]/u.test(character)) return isCommon(character, language) ? 1 : language !== undefined && isKnown(character, language) ? 0.6 : 0.2
  if (language !== undefined && /[\u3001\u3002\u300c-\u300f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]/.test(character)) return 0.9
  if (/[\u3041-\u30ff]/.test(character)) return language === undefined || language === 'japanese' ? 1 : 0.3
  // The parts of Korean syllables stand alone in few texts.
  return /[\u3131-\u318e]/.test(character) ? 0.3 : undefined
}

export function worth(before: string, character: string, after: string): number {
  if (character === '\ufffd' || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return -3
  if (/\p{Script=Thai}/u.test(character)) return worthOfThai(before, character, after)
  // Few texts have letters of half width, and the bytes of nearly every other set can be read as such.
  if (/[\uff61-\uff9f]/.test(character)) return 0.55
  if (!isLetter(character)) {
    if (isSignInPlace(before, character, after)) return 1
    // An apostrophe.
    if (character === '’' && isLetter(before) && isLetter(after)) return 1.05
    if (usual.has(character) && !(isLetter(before) && isLetter(after))) return 0.9
    // A sign between two letters is no sign.
    return isLetter(before) && isLetter(after) ? -1.5 : character === '\u00a0' ? 0.9 : -0.3
  }
  if (/[µªº]/.test(character) && isSignInPlace(before, character, after)) return 1
  const script = inScript.test(character)
  const neighbours = [before, after].filter(isLetter)
  if (neighbours.length === 0 && (isUpper(character) || (!script && !words.has(character)) || /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(character) || /\d\d/.test(before + after))) return 0.6
  // Letters of two alphabets in one word.
  const mixed = neighbours.some((one) => inScript.test(one) !== script)
  if (mixed && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character)) return -1
  if (isUpper(character) && isLower(before)) return -1.2
  if (isLower(character) && isUpper(after)) return isUpper(before) ? -0.8 : -1.2
  // Letters that only end a word, of Hebrew and Arabic.
  if (/[\u05da\u05dd\u05df\u05e3\u05e5\u0629\u0649]/.test(character) && isLetter(after)) return -1
  // Those that have such a form do not end one in their other form; so it is with the sigma of Greek.
  if (/[\u05db\u05de\u05e0\u05e6σ]/.test(character) && isLetter(before) && !isLetter(after)) return -1
  if (character === 'ς' && isLetter(after)) return -1
  // Few words of Greek end in other consonants than these: ν, ς, ρ.
  if (/[βγδζθκλμπτφχ]/.test(character) && isLetter(before) && !isLetter(after)) return -0.3
  // The signs of Cyrillic for soft and hard letters stand behind letters, and no word begins with ы.
  if (/[ьъы]/.test(character) && !isLetter(before) && isLetter(after)) return -1
  // This one stands behind a vowel.
  if (character === 'й' && isLetter(before) && !/[аеёиіїоуыэюя]/i.test(before)) return -1
  // Points of Hebrew stand at letters.
  if (/[\u05b0-\u05c2]/.test(character) && !/[\u05d0-\u05ea]/.test(before)) return -1
  if (script) return isUpper(character) && isUpper(before) ? 0.75 : 1
  // Words of Latin letters have some of ASCII.
  if (neighbours.every((one) => one >= '\u0080') && neighbours.length > 0) return neighbours.length === 2 ? 0 : 0.3
  // Two different vowels with signs beside each other: `Pøíbram`.
  if ([before, after].some((one) => one >= '\u0080' && one !== character && vowel.test(one)) && vowel.test(character)) return 0.5
  return usual.has(character.toLowerCase()) ? 1 : 0.1
}

/**
 * Whether a sign of the West stands where such signs do: `180°C`, `£5`, `© 2020`, `m²/h`, `¿Qué?`. Elsewhere they are letters of another set: the Polish
 * words `był` and `że` are `by³` and `¿e` in the set of the West.
 */
export function isSignInPlace(before: string, character: string, after: string): boolean {
  if (/[¡¿]/.test(character)) return !/[\p{L}\p{N}]/u.test(before) && (character === '¿' ? /[A-ZÁÉÍÓÚqcdhpt]/ : /[A-Za-zÁÉÍÓÚáéíóú¿]/).test(after)
  if (/[®™]/.test(character)) return !isLetter(after)
  if (character === '·') return /^ll$/i.test(before + after)
  if (!/[°£¥¢§©±²³½¼¾×÷µªº№]/.test(character)) return false
  if (isLetter(before) && isLetter(after)) return false
  if (/\d/.test(before + after) || !(isLetter(before) || isLetter(after))) return true
  return (/[²³]/.test(character) && before === 'm') || (character === 'µ' && /[gmlLsAVFHW]/.test(after))
}

/** Nearly each byte of another set is a Thai sign too, but such signs stand in no order, and the rare ones are as many as the others. */
function worthOfThai(before: string, character: string, after: string): number {
  if (!/[\u0e00-\u0e7f]/.test(before + after)) return 0.3
  if (/[\u0e31\u0e34-\u0e3a\u0e47-\u0e4c]/.test(character)) return /[\u0e01-\u0e2e\u0e31\u0e34-\u0e39\u0e47-\u0e4c]/.test(before) ? 1 : -3
  if (/[\u0e40-\u0e44]/.test(character)) return /[\u0e01-\u0e2e]/.test(after) ? 1 : -3
  if (/[\u0e50-\u0e59]/.test(character)) return isLetter(before) || isLetter(after) ? -2 : 0.5
  if (/[ฃฅฆฌฎฏฐฑฒฦฬ\u0e2f\u0e3f\u0e45\u0e4d-\u0e4f\u0e5a\u0e5b]/.test(character)) return -1
  return consonant.test(character) && consonant.test(before) && consonant.test(after) ? 0.4 : 1
}
const consonant = /[\u0e01-\u0e2e]/
