/**
 * Letters that people write for one another, and that Unicode does not take apart: those with strokes, ligatures, and the forms of Arabic and
 * Persian letters that keyboards mix. After lower case, and after accents and points are gone.
 */
const pairs: Readonly<Record<string, string>> = {
  ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ŧ: 't', ı: 'i', ȷ: 'j', ƀ: 'b', ƃ: 'b', ƶ: 'z', ɨ: 'i', ʉ: 'u', ɇ: 'e', ɉ: 'j', ɍ: 'r', ɏ: 'y', ƚ: 'l', ȼ: 'c', ⱥ: 'a', ⱦ: 't',
  ǥ: 'g', ꝑ: 'p', ɫ: 'l', ɵ: 'o', æ: 'ae', œ: 'oe', þ: 'th', ĸ: 'k',
  ٱ: 'ا', ى: 'ي', ی: 'ي', ے: 'ي', ک: 'ك', ة: 'ه', ە: 'ه', ہ: 'ه', ھ: 'ه',
}
const mixed = new RegExp(`[${Object.keys(pairs).join('')}]`, 'gu')

export const plainLetters = (text: string): string => text.replace(mixed, (letter) => pairs[letter] ?? letter)

/** Digits of every script as those of ASCII: each script has its ten in a row. */
export const plainDigits = (text: string): string =>
  text.replace(/[^\u{0}-\u{7f}]/gu, (sign) => {
    if (!digit.test(sign)) return sign
    const code = sign.codePointAt(0) ?? 0
    let value = 0
    while (value < 9 && digit.test(String.fromCodePoint(code - value - 1))) value += 1
    return String(value)
  })
const digit = /^\p{Nd}$/u
