import { stemmer as danishStem } from '@orama/stemmers/danish'
import { stemmer as dutchStem } from '@orama/stemmers/dutch'
import { stemmer as englishStem } from '@orama/stemmers/english'
import { stemmer as finnishStem } from '@orama/stemmers/finnish'
import { stemmer as frenchStem } from '@orama/stemmers/french'
import { stemmer as germanStem } from '@orama/stemmers/german'
import { stemmer as italianStem } from '@orama/stemmers/italian'
import { stemmer as norwegianStem } from '@orama/stemmers/norwegian'
import { stemmer as portugueseStem } from '@orama/stemmers/portuguese'
import { stemmer as spanishStem } from '@orama/stemmers/spanish'
import { stemmer as swedishStem } from '@orama/stemmers/swedish'
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
  /** What the forms of a word have in common. */
  stem(word: string): string
}

const language = (stopwords: readonly string[], stem: (word: string) => string): Language => ({ stop: new Set(stopwords.map(fold)), stem })

// The articles are not in the list.
const english = language([...englishWords, 'a', 'an', 'the'], englishStem)

/** In the order in which they are taken where a text could be of several. */
const languages: readonly Language[] = [
  english,
  language(german, germanStem),
  language(french, frenchStem),
  language(spanish, spanishStem),
  language(italian, italianStem),
  language(portuguese, portugueseStem),
  language(dutch, dutchStem),
  language(swedish, swedishStem),
  language(danish, danishStem),
  language(norwegian, norwegianStem),
  language(finnish, finnishStem),
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
