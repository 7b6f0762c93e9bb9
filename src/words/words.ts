import { fold, foldedPieces, hump, narrowSpace } from './fold.ts'
import { withoutParticle } from './korean.ts'
import { languageOf, type Language } from './languages.ts'
import { singleIdeographsIn, singleSyllableIn } from './single-characters.ts'

/*
 * What a word is, for both memories and both sets of stores, so that a search finds the same everywhere. Nothing but letters, digits and
 * emoji is left, so no word can be an operator of a query language. Stored words are made by this code: whoever changes which words a text
 * has raises the stores' schema, with migrations that make them anew, as those to the schemas 12 and 17 do.
 */

const unspaced =
  '[[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Java}\\p{sc=Bali}\\p{sc=Tale}\\p{sc=Talu}\\p{sc=Lana}\\p{sc=Tavt}ー]&&[\\p{L}\\p{N}\\p{M}]]'
const hangul = '[\\p{sc=Hang}&&[\\p{L}\\p{M}]]'
const spaced = `[[\\p{L}\\p{N}\\p{M}]--[${unspaced}${hangul}]]`
const betweenDigits = `(?<=\\d)[.,٬${narrowSpace}](?=\\d)`
/** Hebrew writes an acronym with a sign before its last letter. */
const betweenHebrew = '(?<=\\p{sc=Hebr})["״”](?=\\p{sc=Hebr})'
const joint = `(?:[_'\`·\\-‐${hump}]|${betweenDigits}|${betweenHebrew})`
const emoji = '\\p{RI}{2}|\\p{RI}|\\p{Extended_Pictographic}[\\u{e0020}-\\u{e007f}]*'
const pattern = new RegExp(`(?<unspaced>${unspaced}+)|(?<hangul>${hangul}+)|(?<compound>${spaced}+(?:${joint}${spaced}+)*)|${emoji}`, 'gv')

/** Digits in groups, as large numbers are written. */
const grouped = new RegExp(`^(?:\\d{1,3}(?<separator>[.,٬${narrowSpace}])\\d{3}(?:\\k<separator>\\d{3})*|\\d{1,2}(?:,\\d{2})+,\\d{3})$`, 'u')
const betweenSegments = /[_'`·\-‐"״”]/u
const withinSegments = new RegExp(`[${hump}.,٬${narrowSpace}]`, 'u')
const mostParts = 8
const mostCharacters = 64

interface FoldedWord {
  readonly word: string
  /** Where it begins in the folded text. */
  readonly at: number
}

type Purpose = 'index' | 'query'

const nothing: ReadonlySet<string> = new Set()

/** `without`: words of spaced scripts that are left out, also as parts of a compound. */
function* wordsIn(folded: string, purpose: Purpose, without: ReadonlySet<string> = nothing): Generator<FoldedWord> {
  let several: boolean | undefined
  for (const { 0: found, index, groups } of folded.matchAll(pattern)) {
    if (without.has(found)) continue
    if (groups?.['compound'] !== undefined) {
      for (const part of partsOf(found, index, purpose)) if (!without.has(part.word)) yield part
    } else if (groups?.['hangul'] !== undefined) {
      yield* pairsOf(purpose === 'query' ? withoutParticle(found) : found, index, purpose)
      // Who asks for one word alone asks for all of it.
      const single = purpose === 'query' && (several ??= hasSeveral(folded)) ? singleSyllableIn(found) : undefined
      if (single !== undefined) yield { word: single, at: index }
    } else if (groups?.['unspaced'] !== undefined) {
      yield* pairsOf(found, index, purpose)
      if (purpose === 'query') for (const word of singleIdeographsIn(found)) yield { word, at: index }
    } else yield { word: found, at: index }
  }
}

const hasSeveral = (folded: string): boolean => new Set(Array.from(folded.matchAll(pattern), ([word]) => word)).size > 1

/** Scripts that write no spaces give their characters and their pairs of characters; a question asks for the pairs, and for what is a word of one character. */
function* pairsOf(run: string, at: number, purpose: Purpose): Generator<FoldedWord> {
  let before = ''
  let place = at
  for (const character of run) {
    if (before !== '') yield { word: before + character, at: place - before.length }
    if (purpose === 'index' || run === character) yield { word: character, at: place }
    before = character
    place += character.length
  }
}

/**
 * `e-mail`, `user_name`, `camelCase`, `don't`: the parts, and the whole without its joints, so that each way of writing finds the others.
 * Of a number in groups (`1,000`) a question asks for the whole; of other compounds not for single letters.
 */
function* partsOf(compound: string, at: number, purpose: Purpose): Generator<FoldedWord> {
  if (!betweenSegments.test(compound) && !withinSegments.test(compound)) {
    yield { word: compound, at }
    return
  }
  const segments = splitAt(compound, betweenSegments)
  const whole = joined(segments.map(({ text }) => text))
  const isCompound = segments.length > 1 && whole !== undefined
  for (const { text, offset } of segments) {
    const parts = splitAt(text, withinSegments)
    const together = parts.length > 1 && (text.includes(hump) || grouped.test(text)) ? joined(parts.map((part) => part.text)) : undefined
    const number = purpose === 'query' && together !== undefined && grouped.test(text)
    for (const part of number ? [] : parts) {
      const letter = part.text.length === 1 && (isCompound || together !== undefined)
      if (purpose === 'index' || !letter) yield { word: part.text, at: at + offset + part.offset }
    }
    if (together !== undefined) yield { word: together, at: at + offset }
  }
  if (isCompound) yield { word: whole, at }
}

function joined(parts: readonly string[]): string | undefined {
  const whole = parts.join('').replace(/[^\p{L}\p{N}\p{M}]/gu, '')
  return parts.length <= mostParts && whole.length <= mostCharacters ? whole : undefined
}

function splitAt(text: string, separator: RegExp): readonly { readonly text: string; readonly offset: number }[] {
  let offset = 0
  return text.split(separator).map((part) => {
    const found = { text: part, offset }
    offset += part.length + 1
    return found
  })
}

function foldedWithHumps(text: string): string {
  let folded = ''
  for (const piece of foldedPieces(text, { humps: true })) folded += piece.folded
  return folded
}

/** The words of a text, in its order, with repetitions. */
export const wordsOf = (text: string): readonly string[] => Array.from(wordsIn(foldedWithHumps(text), 'index'), ({ word }) => word)

/** The words of a text and their stems, with repetitions. The language is the text's. */
export function allFormsOf(text: string): readonly string[] {
  const folded = foldedWithHumps(text)
  const stemOf = stemsOf(folded)
  return Array.from(wordsIn(folded, 'index'), ({ word }) => [word, stemOf(word)]).flat().filter((form) => form !== undefined)
}

/** The same, each once. Messages and passages are found by them. */
export const formsOf = (text: string): readonly string[] => [...new Set(allFormsOf(text))]

/** A word that is asked for, and what its forms have in common, where that is another word. */
export interface QueryWord {
  readonly word: string
  readonly stem?: string
}

/**
 * What a query asks for, each word once: first without the stop words of its language. Where that finds nothing, the query asks for all of its
 * words: `May` is a month and a stop word. Empty for a query of punctuation alone, which matches nothing.
 */
export function questionsOf(query: string): readonly (readonly QueryWord[])[] {
  const folded = foldedWithHumps(query)
  const names = namesIn(query)
  const language = languageOf([...spacedWordsIn(folded)].filter((word) => !names.has(word)))
  const stop = names.size === 0 ? language.stop : new Set([...language.stop].filter((word) => !names.has(word) || language.capital.has(word)))
  const asked = (without?: ReadonlySet<string>): readonly QueryWord[] =>
    [...new Set(Array.from(wordsIn(folded, 'query', without), ({ word }) => word))].map((word) => {
      const stem = stemIn(language, word)
      return stem === undefined ? { word } : { word, stem }
    })
  const [telling, all] = [asked(stop), asked()]
  return [telling, all].filter(({ length }, place) => length > 0 && (place === 0 || length > telling.length))
}

/** The words of the first question, which passages are asked for: a query's stop words are among them only where it has no others. */
export const queryFormsOf = (query: string): readonly QueryWord[] => questionsOf(query)[0] ?? []

/** The same without stems. */
export const queryWordsOf = (query: string): readonly string[] => queryFormsOf(query).map(({ word }) => word)

/**
 * Plain forms of the words that are written as names are: with a capital within a sentence, or in capitals alone (`IT`, `US`); none where all
 * words are written so.
 */
function namesIn(text: string): ReadonlySet<string> {
  const words = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)].map(({ 0: word, index }) => ({ word, index }))
  const titled = !words.some(({ word }) => /^\p{Ll}/u.test(word))
  const shouted = !words.some(({ word }) => /[\p{Ll}\p{Lo}]/u.test(word))
  const names = new Set<string>()
  let end = 0
  for (const { word, index } of words) {
    const begins = end === 0 || /[.?!…:;\n]/u.test(text.slice(end, index))
    if ((!titled && !begins && /^\p{Lu}/u.test(word)) || (!shouted && /^\p{Lu}{2,}$/u.test(word))) names.add(fold(word))
    end = index + word.length
  }
  return names
}

/** Whole, with what joins their parts: `don't`. */
function* spacedWordsIn(folded: string): Generator<string> {
  for (const { groups } of folded.matchAll(pattern)) if (groups?.['compound'] !== undefined) yield groups['compound']
}

function stemsOf(folded: string): (word: string) => string | undefined {
  const language = languageOf(spacedWordsIn(folded))
  return (word) => stemIn(language, word)
}

/** The language by which the words of a text have their stems. */
export const languageIn = (text: string): Language => languageOf(spacedWordsIn(foldedWithHumps(text)))

/** Languages that are known here are written in Latin letters. A word without a stem of its own has none. */
function stemIn(language: Language, word: string): string | undefined {
  if (!latin.test(word) || language.stop.has(word)) return undefined
  const stem = language.stem(word)
  return stem === word || !latin.test(stem) ? undefined : stem
}
const latin = /^\p{sc=Latin}{2,64}$/u

/** Where one of the words stands. */
export interface Place {
  readonly word: string
  readonly at: number
}

/** Where those of the words stand in a text, in order; words of the text also by their stems. `language`: that of the text of which this is a part. */
export function placesOf(text: string, words: ReadonlySet<string>, language: Language = languageIn(text)): readonly Place[] {
  const starts: number[] = []
  let folded = ''
  for (const piece of foldedPieces(text, { humps: true })) {
    const ascii = piece.folded !== hump && (text.codePointAt(piece.start) ?? 0) < 0x80
    for (let index = 0; index < piece.folded.length; index += 1) starts.push(piece.start + (ascii ? index : 0))
    folded += piece.folded
  }
  const places: Place[] = []
  for (const { word, at } of wordsIn(folded, 'index')) {
    const sought = words.has(word) ? word : stemIn(language, word)
    if (sought !== undefined && words.has(sought)) places.push({ word: sought, at: starts[at] ?? 0 })
  }
  return places
}
