const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uff00-\uff60]/u
/** Of their height, about so wide are letters; and of the width that they should have, letters that stand on one another have less than this. */
const [usualWidth, least] = [0.55, 0.7]
/** Fewer characters may be such a word. */
const fewest = 6

/**
 * A piece whose letters are each drawn twice at one place, as programs print what is bold or has a shadow: `SSttaatteemmeenntt` is `Statement`. Such a piece is about
 * half as wide as its characters are.
 * @param width of the piece
 * @param height of its letters
 */
export function withoutDoubles(text: string, width: number, height: number): string {
  const words = text.split(/\s+/).filter((word) => word !== '').map((word) => Array.from(word))
  const characters = words.flat()
  if (characters.length < fewest || !words.every(isDoubled)) return text
  const expected = characters.reduce((sum, character) => sum + (wide.test(character) ? 1 : usualWidth), 0) * height
  return width < expected * least ? words.map((word) => word.filter((_, index) => index % 2 === 0).join('')).join(' ') : text
}

const isDoubled = (word: readonly string[]): boolean => word.length % 2 === 0 && word.every((character, index) => index % 2 === 0 || character === word[index - 1])
