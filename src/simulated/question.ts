import { keywordsOf, plain, sentencesOf } from './words.ts'

export interface Question {
  readonly text: string
  /** `said` asks what was said earlier, `dates` what was said at a time, `fact` anything else. */
  readonly kind: 'said' | 'dates' | 'fact'
  /** Stems of what it is about. */
  readonly keywords: readonly string[]
  /** Its words, for a search. */
  readonly query: string
  /** Asks for the earliest mention. */
  readonly first: boolean
  /** ISO dates, both inclusive, for `dates`. */
  readonly range?: readonly [from: string, to: string]
}

const opening =
  /^(?:(?:and|so|but|ok|okay|hey|hi|please|by the way)[\s,]+)*(?:what|who|whom|whose|where|when|which|why|how|do you|did (?:i|we|you)|have (?:i|we)|can you (?:tell|remind|remember|recall)|could you (?:tell|remind)|tell me|remind me|is my|are my|am i|do i)\b/i

export const isQuestion = (sentence: string): boolean => sentence.endsWith('?') || opening.test(sentence)

/** The words by which people ask for a fact whose line uses other words. */
const rephrased: readonly (readonly [RegExp, string])[] = [
  [/\bwhere (?:do|did|am) i (?:live|living|based)\b/, 'lives'],
  [/\bwhere (?:am i from|do i come from)\b/, 'comes'],
  [/\bwho am i\b|\bwhat am i called\b/, 'name'],
  [/\bhow old am i\b/, 'age'],
  [/\bwhat do i do(?: for a living)?\b|\bwhere do i work\b/, 'works'],
  [/\bwhen (?:was|is) (?:i born|my birthday)\b/, 'birthday'],
]

/** The question that a text of the user asks and memory could answer, if any. `now`: ISO 8601, or `2026-01-31 18:30`. */
export function questionIn(text: string, now: string): Question | undefined {
  const sentence = sentencesOf(text).findLast(isQuestion)
  if (sentence === undefined) return undefined
  const low = plain(sentence)
  const said =
    /\b(?:did|have|had) (?:i|we)\b.*\b(?:say|said|tell|told|mention|mentioned|talk|talked|discuss|discussed|ask|asked|speak|spoke)\b|\bdo you (?:remember|recall) (?:what|when|that|if)\b|\bwhat was i (?:saying|telling)\b/.test(
      low,
    )
  const range = said || /\b(?:talk|discuss|happen|say|said|chat)/.test(low) ? rangeIn(low, now) : undefined
  const other = rephrased.find(([pattern]) => pattern.test(low))?.[1]
  const keywords = keywordsOf(other ?? sentence).filter((word) => !(said && talk.has(word)))
  const query =
    (sentence.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [])
      .filter((word) => keywordsOf(word).some((stemmed) => !(said && talk.has(stemmed))))
      .join(' ') || sentence
  if (range !== undefined) return { text: sentence, kind: 'dates', keywords, query, first: false, range }
  if (keywords.length === 0) return undefined
  return { text: sentence, kind: said ? 'said' : 'fact', keywords, query, first: /\bfirst\b|\boriginally\b/.test(low) }
}

const talk = new Set(['mention', 'talk', 'discus', 'ask', 'speak', 'spok', 'conversation', 'time', 'earlier'])

function rangeIn(low: string, now: string): readonly [string, string] | undefined {
  const dates = low.match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? []
  const [from, to] = dates.toSorted()
  if (from !== undefined) return [from, to ?? from]
  // The prompt shows times in UTC without saying so.
  const today = Date.parse(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/.test(now) ? `${now.replace(' ', 'T')}Z` : now)
  if (Number.isNaN(today)) return undefined
  const daysAgo = (days: number): string => new Date(today - days * 86_400_000).toISOString().slice(0, 10)
  if (/\byesterday\b/.test(low)) return [daysAgo(1), daysAgo(1)]
  if (/\btoday\b/.test(low)) return [daysAgo(0), daysAgo(0)]
  if (/\blast week\b/.test(low)) return [daysAgo(7), daysAgo(1)]
  if (/\blast month\b/.test(low)) return [daysAgo(31), daysAgo(1)]
  return undefined
}
