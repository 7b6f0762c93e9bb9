/** Letters beyond ASCII that languages use often. In the wrong set others come out: `Ÿ`, `¼`, `╬`. */
const usual = new Set('äöüßéèêëàâáãåæçñíìîïóòôõøœúùûýąćęłńśźżčďěňřšťůžőűăâîșțşţğıİģķļņāēīūėįųđ«»„“”’–—…°§€£')
const inScript = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/**
 * How much a decoded text looks like a language, by its characters beyond ASCII: from 1 for usual letters in usual places down to below 0 for
 * signs within words, small letters before capital ones, and what could not be decoded.
 */
export function likeness(text: string): number {
  const characters = Array.from(text)
  let sum = 0
  let counted = 0
  for (const [index, character] of characters.entries()) {
    if (character < '\u0080') continue
    counted += 1
    sum += worth(characters[index - 1] ?? ' ', character, characters[index + 1] ?? ' ')
  }
  return counted === 0 ? 0 : sum / counted
}

/** Vowel signs and points are parts of words. */
const isLetter = (character: string): boolean => /[\p{L}\p{M}]/u.test(character)
const isLower = (character: string): boolean => /\p{Ll}/u.test(character)
const isUpper = (character: string): boolean => /\p{Lu}/u.test(character)

function worth(before: string, character: string, after: string): number {
  if (character === '\ufffd' || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return -3
  if (/\p{Script=Thai}/u.test(character)) return worthOfThai(before, character, after)
  // Few texts have letters of half width, and the bytes of nearly every other set can be read as such.
  if (/[\uff61-\uff9f]/.test(character)) return 0.55
  if (!isLetter(character)) {
    if (usual.has(character) && !(isLetter(before) && isLetter(after) && character !== '’')) return 0.9
    // A sign between two letters is no sign.
    return isLetter(before) && isLetter(after) ? -1.5 : character === '\u00a0' ? 0.5 : -0.3
  }
  const script = inScript.test(character)
  const neighbours = [before, after].filter(isLetter)
  // Letters of two alphabets in one word.
  const mixed = neighbours.some((one) => inScript.test(one) !== script)
  if (mixed && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character)) return -1
  if (isUpper(character) && isLower(before)) return -1.2
  if (isLower(character) && isUpper(before) && isUpper(after)) return -0.8
  if (script) return /\p{Script=Han}/u.test(character) && !isCommonHan(character) ? 0.2 : isUpper(character) && isUpper(before) ? 0.75 : 1
  // Words of Latin letters have some of ASCII.
  if (neighbours.length === 2 && neighbours.every((one) => one >= '\u0080')) return 0
  return usual.has(character.toLowerCase()) ? 1 : 0.1
}

/** Nearly each byte of another set is a Thai sign too, but such signs stand in no order, and the rare ones are as many as the others. */
function worthOfThai(before: string, character: string, after: string): number {
  if (/[\u0e31\u0e34-\u0e3a\u0e47-\u0e4c]/.test(character)) return /[\u0e01-\u0e2e\u0e31\u0e34-\u0e39\u0e47-\u0e4c]/.test(before) ? 1 : -3
  if (/[\u0e40-\u0e44]/.test(character)) return /[\u0e01-\u0e2e]/.test(after) ? 1 : -3
  if (/[\u0e50-\u0e59]/.test(character)) return isLetter(before) || isLetter(after) ? -2 : 0.5
  if (/[ฃฅฆฌฎฏฐฑฒฦฬ\u0e2f\u0e3f\u0e45\u0e4d-\u0e4f\u0e5a\u0e5b]/.test(character)) return -1
  return consonant.test(character) && consonant.test(before) && consonant.test(after) ? 0.4 : 1
}
const consonant = /[\u0e01-\u0e2e]/

/** The range of the characters that are read every day is sparse in wrong guesses: those land all over. */
const isCommonHan = (character: string): boolean => commonHan.has(character)
const commonHan = new Set('的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理府研究灯塔钥匙燈塔鑰匙的鍵台青箱入東京私本人会社今行見時間話語学校生電車駅食飲買書読聞円年月日')
