const stopwords = new Set(
  `a about again all also am an and any are as at be been but by can could did do does ever first for from get had has have
  he her him his how i if in into is it its just know let ll me mine more most my no not now of off on one or our out please
  re really recall remember remind said say she should so some something tell than that the their them then there these they
  thing this those to told too ve was we were what when where which who whom whose why will with would yes you your yours`.split(/\s+/),
)

/** Words that mean the same in questions and in facts. */
const synonyms: Readonly<Record<string, string>> = {
  cal: 'name',
  called: 'name',
  job: 'work',
  profession: 'work',
  occupation: 'work',
  born: 'birthday',
  hat: 'lik',
  dislik: 'lik',
  lov: 'lik',
  enjoy: 'lik',
}

/** Some words say little in a question or a fact: "name" is in every other line. */
const weightOf = (word: string): number => (word === 'name' || word === 'favorit' ? 0.5 : 1)

export const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()

export function allWordsOf(text: string): readonly string[] {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? []
}

export const isStopword = (word: string): boolean => stopwords.has(word)

/** The stem of a word: the same for its forms, as far as endings go (live, lives, living). */
export function stem(word: string): string {
  let root = word.replace(/our(?=\b|i|s)/, 'or')
  if (root.length > 3) root = root.replace(/ies$/, 'y').replace(/(?<!s)s$/, '')
  if (root.length > 4) root = root.replace(/(?:ing|ed)$/, '')
  if (root.length > 3) root = root.replace(/e$/, '').replace(/([^aeiouls])\1$/, '$1')
  return synonyms[root] ?? root
}

/** The words of a text without the common ones, as stems, each once. */
export function keywordsOf(text: string): readonly string[] {
  return [
    ...new Set(
      allWordsOf(text)
        .filter((word) => !stopwords.has(word) && (word.length > 1 || /\d/.test(word)))
        .map(stem),
    ),
  ]
}

/** The share of the keywords that a text has, from 0 to 1. */
export function coverage(keywords: readonly string[], text: string): number {
  if (keywords.length === 0) return 0
  const present = new Set(allWordsOf(text).map(stem))
  const weigh = (words: readonly string[]): number => words.reduce((sum, word) => sum + weightOf(word), 0)
  return weigh(keywords.filter((word) => present.has(word))) / weigh(keywords)
}

/** Longer sentences are cut. Nobody says more in one, and the time of the patterns that look for facts grows with the square of the length. */
const sentenceCharacters = 1_000

export function sentencesOf(text: string): readonly string[] {
  const unabbreviated = text.replace(/\b(St|Mr|Mrs|Ms|Dr|Prof)\. /g, '$1 ')
  const sentences = unabbreviated.match(/[^.!?\n]+(?:[.!?]+(?:(?=\s|$)|[^.!?\n]*))*/gu) ?? []
  return sentences.map((sentence) => sentence.replace(/\s+/g, ' ').trim().slice(0, sentenceCharacters)).filter((sentence) => sentence !== '')
}

/** FNV-1a: the same number for the same text, everywhere. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

/** One of the choices, always the same for the same seed. */
export function pick(choices: readonly string[], seed: string): string {
  return choices[hash(seed) % choices.length] ?? ''
}
