import { stopwords as danish } from '@orama/stopwords/danish'
import { stopwords as dutch } from '@orama/stopwords/dutch'
import { stopwords as englishWords } from '@orama/stopwords/english'
import { stopwords as finnish } from '@orama/stopwords/finnish'
import { stopwords as french } from '@orama/stopwords/french'
import { stopwords as german } from '@orama/stopwords/german'
import { stopwords as italian } from '@orama/stopwords/italian'
import { stopwords as norwegian } from '@orama/stopwords/norwegian'
import { stopwords as portuguese } from '@orama/stopwords/portuguese'
import { stopwords as spanish } from '@orama/stopwords/spanish'
import { stopwords as swedish } from '@orama/stopwords/swedish'
import { fold } from './fold.ts'

/** What is known of a language. Words are in their plain form. */
export interface Language {
  /** Words that say nothing of what a text is about. */
  readonly stop: ReadonlySet<string>
}

const languageOfStopwords = (words: readonly string[]): Language => ({ stop: new Set(words.map(fold)) })

// The articles are not in the list.
const english = languageOfStopwords([...englishWords, 'a', 'an', 'the'])

/** In the order in which they are taken where a text could be of several. */
const languages: readonly Language[] = [
  english,
  languageOfStopwords(german),
  languageOfStopwords(french),
  languageOfStopwords(spanish),
  languageOfStopwords(italian),
  languageOfStopwords(portuguese),
  languageOfStopwords(dutch),
  languageOfStopwords(swedish),
  languageOfStopwords(danish),
  languageOfStopwords(norwegian),
  languageOfStopwords(finnish),
]

const placesOfWord = new Map<string, number[]>()
for (const [place, { stop }] of languages.entries()) {
  for (const word of stop) placesOfWord.set(word, [...(placesOfWord.get(word) ?? []), place])
}

/** Words of a text that are looked at: a language shows in few. */
const enough = 200

/**
 * The language of which a text has most stop words. English, unless another one has two at least, and more than twice as many: a stop word of
 * one language is a word of weight in another (`dog`, `sea`).
 */
export function languageOf(words: Iterable<string>): Language {
  const counts = languages.map(() => 0)
  let seen = 0
  for (const word of words) {
    for (const place of placesOfWord.get(word) ?? []) counts[place] = (counts[place] ?? 0) + 1
    seen += 1
    if (seen === enough) break
  }
  const most = Math.max(...counts)
  return (most >= 2 && most > 2 * (counts[0] ?? 0) ? languages[counts.indexOf(most)] : undefined) ?? english
}
