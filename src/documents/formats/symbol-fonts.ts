/** The signs of Adobe's Symbol from 0x21 on, and from 0xa0 on; `\0` where it has none. */
const symbol = [
  "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
  '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭',
] as const

/** Of the fonts of pictures those that say something in a text: boxes, ticks, bullets, arrows. */
const pictures: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  wingdings: {
    0x28: '☎', 0x2a: '✉', 0x4a: '☺', 0x4c: '☹', 0x6c: '●', 0x6e: '■', 0x6f: '□', 0x71: '❑', 0x72: '❒', 0x75: '◆', 0x76: '❖', 0x9f: '•', 0xa7: '▪', 0xa8: '☐', 0xd8: '➢', 0xdf: '←', 0xe0: '→', 0xe1: '↑', 0xe2: '↓',
    0xe7: '←', 0xe8: '→', 0xe9: '↑', 0xea: '↓', 0xf0: '⇨', 0xfb: '☒', 0xfc: '✓', 0xfd: '☒', 0xfe: '☑',
  },
  'wingdings 2': { 0x4f: '✗', 0x50: '✓', 0x51: '☒', 0x52: '☑', 0x53: '☒', 0x54: '☒', 0x97: '●', 0xa3: '☐' },
  webdings: { 0x61: '✓', 0x63: '□', 0x67: '■', 0x72: '✗' },
}

/** Office writes the characters of such fonts at this place of Unicode too. */
const privateUse = 0xf000

/** Whether the letters of a font are signs of another meaning. */
export const isSymbolFont = (font: string): boolean => font.toLowerCase() === 'symbol' || Object.hasOwn(pictures, font.toLowerCase())

/** What a character of a font of signs means; undefined for a picture that has no meaning in a text. */
export function meantBy(font: string, code: number): string | undefined {
  const place = code >= privateUse && code <= privateUse + 0xff ? code - privateUse : code
  if (font.toLowerCase() !== 'symbol') return pictures[font.toLowerCase()]?.[place]
  if (place === 0x20) return ' '
  const sign = place < 0xa0 ? symbol[0][place - 0x21] : symbol[1][place - 0xa0]
  return sign === '\0' ? undefined : sign
}

/** A text in a font of signs, as what it means; what has no meaning is left as it is. */
export const meaningOf = (font: string, text: string): string => Array.from(text, (character) => meantBy(font, character.codePointAt(0) ?? 0) ?? character).join('')
