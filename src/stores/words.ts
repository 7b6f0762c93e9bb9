import type { StoredMessage } from '../protocol/messages.ts'

/**
 * How text becomes words, for every store alike, so that a search finds the same on both sets. Case, accents and compatibility
 * forms (`ﬁ`, full width) are folded. Scripts that write no spaces give their characters and their pairs of characters;
 * an emoji is a word. Nothing but letters, digits and emoji is left, so no word can be an operator of a query language.
 */
const wordPattern = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu
const unspacedPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu
/** The accents of Latin, Greek and Cyrillic; the vowel signs of other scripts are letters in all but name. */
const accents = /[\u0300-\u036f]/gu

function fold(text: string): string {
  // Upper case first: it makes `ß` and `SS`, `ς` and `Σ` the same.
  return text.normalize('NFKD').replace(accents, '').toUpperCase().toLowerCase().normalize('NFC')
}

function splitWord(word: string, purpose: 'index' | 'query'): readonly string[] {
  const words: string[] = []
  let end = 0
  for (const run of word.matchAll(unspacedPattern)) {
    if (run.index > end) words.push(word.slice(end, run.index))
    const characters = Array.from(run[0])
    const pairs = characters.slice(1).map((character, index) => (characters[index] ?? '') + character)
    words.push(...(purpose === 'index' || pairs.length === 0 ? characters : []), ...pairs)
    end = run.index + run[0].length
  }
  if (end < word.length) words.push(word.slice(end))
  return words
}

const split = (text: string, purpose: 'index' | 'query'): readonly string[] =>
  (fold(text).match(wordPattern) ?? []).flatMap((word) => splitWord(word, purpose))

/** The words under which a text is found, in its order, with repetitions. */
export const wordsOf = (text: string): readonly string[] => split(text, 'index')

/** The words that a query asks for, each once. Empty for a query of punctuation alone, which matches nothing. */
export const queryWordsOf = (query: string): readonly string[] => [...new Set(split(query, 'query'))]

/** The text that a search of recall memory looks through: the message to the user if there is one, else the text. */
export const searchedTextOf = (message: Pick<StoredMessage, 'text' | 'reply'>): string => message.reply ?? message.text
