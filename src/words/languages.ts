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
  /** Those of them that are written with capitals without being names. */
  readonly capital: ReadonlySet<string>
  /** What the forms of a word have in common. */
  stem(word: string): string
}

const language = (stopwords: readonly string[], stem: (word: string) => string, capital: readonly string[] = []): Language => ({ stop: new Set(stopwords.map(fold)), capital: new Set(capital), stem })

// The articles are not in the list. Who asks as a search engine is asked writes its operators so.
const english = language([...englishWords, 'a', 'an', 'the'], englishStem, ['i', 'and', 'or', 'not'])

// Words of questions are not in the lists of all languages.
const askedInGerman = ['wann', 'warum', 'wem', 'wer', 'wieso', 'woher', 'wohin']
const askedInFrench = ['combien', 'pourquoi', 'quand']
const politeInGerman = ['sie', 'ihnen', 'ihr', 'ihre', 'ihrem', 'ihren', 'ihrer', 'ihres']

/** In the order in which they are taken where a text could be of several. */
const languages: readonly Language[] = [
  english,
  language([...german, ...askedInGerman], germanStem, politeInGerman),
  language([...french, ...askedInFrench], frenchStem),
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

/** Stop words of one other language that are words, names or parts of names in English as well. */
const alsoEnglish = new Set(
  `also bin dies hat ins aux mon par pas pour ton elle est aura sera sans sur ses ante bien breve contra dado dice ella embargo eras fin final general gran
  las los mal medio momento nada once poder primer pronto salvo sea sean ser sola solo soy tal tan total usa uso valor claro cual tres ver col dal dell della
  nella lei loro per come dove chi non sue sui faro sara sta stai sia voi ero ate com tem num met hem door tot want nog ben dit kon dus till jag hon jer ham dog end alt mod sit
  ind inn bare vert bade meg deg kom ole sen jos tai mika sita tana oli`.split(/\s+/),
)

/** Shorter ones are abbreviations as well. */
const leastLetters = 3

/** Words of a text that are looked at: a language shows in few. */
const enough = 200

/**
 * The language of which a text has most stop words. English, unless another one has two at least, and more than twice as many: a stop word of
 * one language is a word of weight in another (`dog`, `sea`). In a text without English ones, a single one is enough that is of one language alone.
 */
export function languageOf(words: Iterable<string>): Language {
  const counts = languages.map(() => 0)
  const alone = new Set<number>()
  let seen = 0
  for (const word of words) {
    const places = placesOfWord.get(word) ?? []
    for (const place of places) counts[place] = (counts[place] ?? 0) + 1
    if (places.length === 1 && word.length >= leastLetters && !alsoEnglish.has(word)) for (const place of places) alone.add(place)
    seen += 1
    if (seen === enough) break
  }
  const most = Math.max(...counts)
  const [only, another] = alone
  if (most === 1 && counts[0] === 0 && only !== undefined && another === undefined) return languages[only] ?? english
  return (most >= 2 && most > 2 * (counts[0] ?? 0) ? languages[counts.indexOf(most)] : undefined) ?? english
}
