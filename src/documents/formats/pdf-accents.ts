/** Accents that stand alone, and the same as marks of a letter. */
const marks: Readonly<Record<string, string>> = {
  '¨': '\u0308', 'ˆ': '\u0302', '˜': '\u0303', '¸': '\u0327', 'ˇ': '\u030c', '˘': '\u0306', '˚': '\u030a', '˙': '\u0307', '˝': '\u030b', '¯': '\u0304', '˛': '\u0328', '´': '\u0301', '`': '\u0300',
}
const accent = /[¨ˆ˜¸ˇ˘˚˙˝¯˛´`]/gu
/** Signs of code and of apostrophes as well: they are accents where others on the page are. */
const unsureSigns = /[´`]/
/** Signs of code, of addresses and of mathematics as well, `/˜ann`, `˜Node()`, `xˆi`: they are accents within a word of letters. */
const signsOfCode = /[ˆ˜]/
/** Pages on which letters have their accents, or apostrophes are written so (`don´t`), draw none apart. */
const ofOne = /(?=[\u00c0-\u024f\u1e00-\u1eff])[^ßæœøđłıÆŒØĐŁ×÷]/u
const apostrophe = /\p{L}[´`](?:s|t|ll|re|ve)(?!\p{L})/u
/** What is left of the word before an apostrophe in French and Italian, and in names. */
const elided = /(?<!\p{L})(?:[cdjlmnostg]|\p{L}{0,6}(?:qu|ll|un|st))$/iu
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
    isOfOne ||= ofOne.test(text) || apostrophe.test(text)
    for (const { 0: sign, index } of text.matchAll(accent)) {
      if (signsOfCode.test(sign) && !isWithin(text, index)) continue
      const [last, next] = [composed(text[index - 1], sign), composed(text[index + 1], sign)]
      if ((last ?? next) === undefined) continue
      // Letters without their dots are there for accents.
      isCertain ||= !/[´`˙¯]/.test(sign) || /[ıȷ]/.test(text.slice(Math.max(0, index - 1), index + 2))
      if (next !== undefined && last === undefined) {
        before += 1
        // Letters that have an apostrophe behind them, and the signs of code that stand before a word, are none of these.
        if (unsureSigns.test(sign) && /\p{L}/u.test(text[index - 1] ?? '') && !elided.test(text.slice(Math.max(0, index - 9), index))) unsure += 1
      } else if (last !== undefined && next === undefined) behind += 1
    }
  }
  const isBehind = behind > before
  const all = !isOfOne && (isCertain || (unsure >= leastUnsure && !isBehind))
  return lines.map((line) => ({ ...line, text: wholeLetters(line.text, { isBehind, all, isCertain }) }))
}

function wholeLetters(text: string, { isBehind, all, isCertain }: { readonly isBehind: boolean; readonly all: boolean; readonly isCertain: boolean }): string {
  let whole = ''
  let done = 0
  for (const { 0: sign, index } of text.matchAll(accent)) {
    if ((!all && unsureSigns.test(sign)) || index < done) continue
    const at = isBehind ? index - 1 : index + 1
    // A sign of code stands before a word or behind it, and this accent within one.
    if (sign === '`' && (!/\p{L}/u.test(text[index - 1] ?? '') || inCode(text, index))) continue
    if (signsOfCode.test(sign) && !isWithin(text, index) && !(isCertain && !isBehind && beginsWord(text, index))) continue
    const letter = at < done ? undefined : composed(text[at], sign)
    if (letter === undefined) continue
    whole += text.slice(done, Math.min(at, index)) + letter
    done = Math.max(at, index) + 1
  }
  return whole + text.slice(done)
}

/** Whether it stands within a word of three letters at least. */
function isWithin(text: string, index: number): boolean {
  const [before, behind] = [/\p{L}*$/u.exec(text.slice(Math.max(0, index - 3), index))?.[0] ?? '', /^\p{L}*/u.exec(text.slice(index + 1, index + 4))?.[0] ?? '']
  return before !== '' && behind !== '' && before.length + behind.length >= 3
}
/** `ˆetre`, `˜oma`. */
const beginsWord = (text: string, index: number): boolean => /(?<![^\s(«“"])$/.test(text.slice(Math.max(0, index - 1), index)) && /^[aeiouAEIOU]\p{Ll}/u.test(text.slice(index + 1, index + 3))
/** Whether another such sign stands before its word. */
const inCode = (text: string, index: number): boolean => /(?<!\p{L})`[^\s`]*$/u.test(text.slice(Math.max(0, index - 40), index))

/** The letter with its accent, where there is such a one. */
function composed(letter: string | undefined, sign: string): string | undefined {
  if (letter === undefined || !/\p{Script=Latin}/u.test(letter)) return undefined
  const one = ({ 'ı': 'i', 'ȷ': 'j' }[letter] ?? letter) + (marks[sign] ?? '')
  const whole = one.normalize('NFC')
  return whole.length === 1 ? whole : undefined
}
