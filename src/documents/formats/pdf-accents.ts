/** Accents that stand alone, and the same as marks of a letter. */
const marks: Readonly<Record<string, string>> = {
  '¨': '\u0308', 'ˆ': '\u0302', '˜': '\u0303', '¸': '\u0327', 'ˇ': '\u030c', '˘': '\u0306', '˚': '\u030a', '˙': '\u0307', '˝': '\u030b', '¯': '\u0304', '˛': '\u0328', '´': '\u0301', '`': '\u0300',
}
const accent = /[¨ˆ˜¸ˇ˘˚˙˝¯˛´`]/gu
/** Accents that stand alone for nothing else. */
const certain = /[¨ˆ˜¸ˇ˘˚˝˛](?=\p{L})|(?<=\p{L})[¨ˆ˜¸ˇ˘˚˝˛]/u
/** Pages on which letters have their accents, or apostrophes are written so (`don´t`), draw none apart. */
const ofOne = /(?=[\u00c0-\u024f\u1e00-\u1eff])[^ßæœøđłıÆŒØĐŁ×÷]/u
const apostrophe = /\p{L}[´`](?:s|t|ll|re|ve)(?!\p{L})/u
/** So many accents that may be apostrophes have to be on a page that has no others. */
const leastUnsure = 3

/**
 * Lines of a page whose letters are drawn in two: fonts of TeX have accents, and no letters with them. `f¨ur` and `fu¨r` are `für`; which of the two a
 * program writes, its other words tell.
 */
export function withAccents<T extends { readonly text: string }>(lines: readonly T[]): readonly T[] {
  if (!lines.some(({ text }) => /[¨ˆ˜¸ˇ˘˚˙˝¯˛´`]/u.test(text))) return lines
  let [before, behind, unsure] = [0, 0, 0]
  let isCertain = false
  let isOfOne = false
  for (const { text } of lines) {
    isCertain ||= certain.test(text)
    isOfOne ||= ofOne.test(text) || apostrophe.test(text)
    for (const { 0: sign, index } of text.matchAll(accent)) {
      const [last, next] = [composed(text[index - 1], sign), composed(text[index + 1], sign)]
      if (next !== undefined && last === undefined) before += 1
      else if (last !== undefined && next === undefined) behind += 1
      if ((last ?? next) !== undefined && /[´`]/.test(sign)) unsure += 1
    }
  }
  const all = !isOfOne && (isCertain || unsure >= leastUnsure)
  const isBehind = behind > before
  return lines.map((line) => ({ ...line, text: wholeLetters(line.text, isBehind, all) }))
}

function wholeLetters(text: string, isBehind: boolean, all: boolean): string {
  let whole = ''
  let done = 0
  for (const { 0: sign, index } of text.matchAll(accent)) {
    if ((!all && /[´`]/.test(sign)) || index < done) continue
    const at = isBehind ? index - 1 : index + 1
    // A sign of code stands before a word, and this accent within one.
    if (sign === '`' && !/\p{L}/u.test(text[index - 1] ?? '')) continue
    const letter = at < done ? undefined : composed(text[at], sign)
    if (letter === undefined) continue
    whole += text.slice(done, Math.min(at, index)) + letter
    done = Math.max(at, index) + 1
  }
  return whole + text.slice(done)
}

/** The letter with its accent, where there is such a one. */
function composed(letter: string | undefined, sign: string): string | undefined {
  if (letter === undefined || !/\p{Script=Latin}/u.test(letter)) return undefined
  const one = ({ 'ı': 'i', 'ȷ': 'j' }[letter] ?? letter) + (marks[sign] ?? '')
  const whole = one.normalize('NFC')
  return whole.length === 1 ? whole : undefined
}
