/** Letters that stand apart alone, which may be a word, or options and initials. */
const leastAlone = 5
/** Months. Those of days have no vowel in most languages. */
const initials = new Set(['jfmamjjasond'])
const vowels = /[aeiouyàâäåæèéêëìîïòôöøùûüýαειηουωаеёиоуыэюяіїєў]/iu
/** Words have hardly so many, and initials of days, answers and sequences do. */
const consonants = /[bcdfghjklmnpqrstvwxz]{4}/
const lettersApart = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{P}\d](?: [\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{P}\d])+$/u

interface Item {
  readonly str: string
  readonly hasEOL?: boolean
}

/**
 * Titles are often set with room between their letters, `H A R B O U R`: the reader of PDF takes that for blanks, and what is between two words for an
 * item of its own. Such letters become words again where they make one, not where they count (`A B C D E`) or stand for words; short ones only beside
 * such a word. Where the room is so little that none of it stands out as that between words, a line stays as it is.
 */
export function withoutTracking(items: readonly unknown[]): readonly unknown[] {
  const isApart = items.map((item) => isItem(item) && lettersApart.test(item.str))
  if (!isApart.includes(true)) return items
  const made = items.map((item, index) => isApart[index] === true && isItem(item) && isWord(item.str))
  let line = 0
  const lines = items.map((item) => (isItem(item) && item.hasEOL === true ? line++ : line))
  const filled = [...items.keys()].filter((index) => isItem(items[index]) && !isBlank(items[index]))
  for (const along of [filled, filled.toReversed()]) {
    for (const [place, index] of along.entries()) {
      const before = along[place - 1]
      if (before !== undefined && made[before] === true && isApart[index] === true && lines[before] === lines[index]) made[index] = true
    }
  }
  return items.map((item, index) => (made[index] === true && isItem(item) ? { ...item, str: item.str.replaceAll(' ', '') } : item))
}

const isItem = (item: unknown): item is Item => typeof item === 'object' && item !== null && 'str' in item && typeof item.str === 'string'
const isBlank = (item: unknown): boolean => isItem(item) && item.str.trim() === ''

function isWord(text: string): boolean {
  // Letters beside their numbers, as answers have them.
  if (/\d/.test(text)) return false
  const letters = text.match(/\p{L}/gu)?.map((letter) => letter.toLowerCase()) ?? []
  const word = letters.join('')
  const isCounting = letters.every((letter, index) => index === 0 || letter > (letters[index - 1] ?? ''))
  // Answers, grades and notes of music are of the first letters alone.
  if (isCounting || initials.has(word) || /^[a-h]*$/.test(word) || consonants.test(word)) return false
  return letters.length >= leastAlone && letters.length <= mostOfWord && new Set(letters).size > 3 && vowels.test(word)
}
/** A longer one is a line whose words can't be told apart. */
const mostOfWord = 16
