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

const isLetter = (character: string): boolean => /\p{L}/u.test(character)
const isLower = (character: string): boolean => /\p{Ll}/u.test(character)
const isUpper = (character: string): boolean => /\p{Lu}/u.test(character)

function worth(before: string, character: string, after: string): number {
  if (character === '\ufffd' || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return -3
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
  if (script) return /\p{Script=Han}/u.test(character) && !isCommonHan(character) ? 0.2 : isUpper(character) && isUpper(before) ? 0.5 : 1
  return usual.has(character.toLowerCase()) ? 1 : 0.1
}

/** The range of the characters that are read every day is sparse in wrong guesses: those land all over. */
const isCommonHan = (character: string): boolean => commonHan.has(character)
const commonHan = new Set('的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理府研究灯塔钥匙燈塔鑰匙的鍵台青箱入東京私本人会社今行見時間話語学校生電車駅食飲買書読聞円年月日')
