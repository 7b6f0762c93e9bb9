import { fold } from '../words/fold.ts'
import { isBehindBetween, listWords, rangeWords } from './dated-words.ts'

/** Of the languages whose stop words and stems are known. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'nb', 'fi']
const shortInEnglish = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** These write a point behind the number of a day: `3. Mai`. */
const languagesOfPoints = ['de', 'da', 'nb', 'fi']
/** Other words are written so too: they are months with a capital letter or a year, or behind what stands before months alone. */
const ordinary = new Set(['may', 'mar', 'march', 'mars', 'mayo', 'marco'])

let monthsByName: ReadonlyMap<string, number> | undefined

const longNames = (date: Date, of: readonly string[]): readonly string[] => of.map((language) => date.toLocaleDateString(language, { month: 'long', timeZone: 'UTC' }))
const middleOf = (month: number): Date => new Date(Date.UTC(2024, month, 15))

/** From 0, by plain forms. */
function monthNames(): ReadonlyMap<string, number> {
  monthsByName ??= new Map(
    shortInEnglish.flatMap((short, month) => [short, ...(short === 'sep' ? ['sept'] : []), ...longNames(middleOf(month), languages)].map((name) => [fold(name), month] as const)),
  )
  return monthsByName
}

let behindPoint: ReadonlySet<string> | undefined

function namesBehindPoint(): ReadonlySet<string> {
  behindPoint ??= new Set(shortInEnglish.flatMap((_, month) => longNames(middleOf(month), languagesOfPoints)).map(fold))
  return behindPoint
}

/** What may stand between a day, its month and its year. */
const joining = new Set(['st', 'nd', 'rd', 'th', 'er', 'of', 'the', 'de', 'del', 'do', 'du', 'le', 'les', 'el', 'los', 'der', 'dem', 'den'])
/** The name of a month alone is one behind these: `May` is a name and a verb, too. */
const beforeMonths = new Set(['in', 'during', 'im', 'en', 'em'])

/** The first and the last of days in a row. */
export type Days = readonly [number, number]

/** Days of a month, or all of it; the year as it is written beside it. */
export interface NamedDate {
  readonly year: number | undefined
  /** From 0. */
  readonly month: number
  readonly days: readonly Days[]
  /** Where it begins and ends in the question. */
  readonly at: number
  readonly end: number
  /** A word that is a month only if it is joined to one that certainly is: `in May or June`. */
  readonly doubtful: boolean
}

interface Token {
  readonly written: string
  readonly plain: string
  /** Where it begins and ends in the question. */
  readonly at: number
  readonly end: number
}

/** The months that a question names, with the days and the years beside them: `13 May 2023`, `May 13th`, `in May`, `May 3-5, 2021`. */
export function writtenDatesIn(question: string): readonly NamedDate[] {
  const all = Array.from(question.matchAll(/\p{Nd}+(?::\p{Nd}+)*|[\p{L}\p{M}]+/gu), ({ 0: written, index }): Token => ({ written, plain: fold(written), at: index, end: index + written.length }))
  const tokens = all.filter(({ plain }) => !joining.has(plain))
  // The number of one month is none of the next: `May 3 June 5`.
  let taken = -1
  return tokens.flatMap((token, at) => {
    const month = monthNames().get(token.plain)
    if (month === undefined) return []
    const [before, after] = [tokens[at - 1], tokens[at + 1]]
    const gapBefore = question.slice(before?.end ?? 0, token.at)
    const isOneSentence = !endsSentence(question.slice(token.end, after?.at).replace(isShort(token.plain) ? /^\./ : '', ''))
    const maybeAhead = mayFollowDay(token, gapBefore) ? daysAhead(question, tokens, at, taken) : undefined
    const behind = isOneSentence ? daysBehind(question, tokens, at, maybeAhead !== undefined && isOfMonth(question, tokens, at - 1)) : undefined
    const ahead = behind === undefined ? maybeAhead : undefined
    const last = behind?.place ?? at
    const yearBehind = isOneSentence ? yearOf(tokens[last + 1]?.plain) : undefined
    // `2023 May 13`
    const year = yearBehind ?? (behind !== undefined && /^\s+$/.test(gapBefore) ? yearOf(before?.plain) : undefined)
    const first = ahead?.place ?? (yearBehind === undefined && year !== undefined ? at - 1 : at)
    const ends = tokens[yearBehind === undefined ? last : last + 1] ?? token
    const days = behind?.days ?? ahead?.days ?? []
    const date = { year, month, days, at: tokens[first]?.at ?? token.at, end: behindEnding(question, ends) }
    const isName = isCapital(token) || !ordinary.has(token.plain)
    const certain = beforeMonths.has(before?.plain ?? '') || year !== undefined || (days.length > 0 && (isName || (behind === undefined && saysDate(gapBefore))))
    if (!certain && !isName) return []
    taken = last
    return [{ ...date, doubtful: !certain }]
  })
}

interface FoundDays {
  readonly days: readonly Days[]
  /** Of the token that is farthest from the month. */
  readonly place: number
}

/** `3rd - `, `3.-` */
const inRow = /^\.?\p{L}{0,2}\s*[-\u2010-\u2015]\s*$/u

/** `May 3`, `May 3-5`, `May 3 to 5`, `May 3 and 5, 2021`, `between May 3 and 5`. @param hasDay one stands ahead of the month */
function daysBehind(question: string, tokens: readonly Token[], month: number, hasDay: boolean): FoundDays | undefined {
  const first = dayOf(tokens[month + 1]?.plain)
  if (first === undefined || isOfOther(question, tokens, month, hasDay)) return undefined
  const days: Days[] = [[first, first]]
  const isBetween = isBehindBetween(textBefore(question, tokens[month]))
  let place = month + 1
  for (;;) {
    const { joint, next } = jointAt(question, tokens, place, 1)
    const day = dayOf(tokens[next]?.plain)
    const [from, before = 0] = days.at(-1) ?? []
    if (joint === undefined || day === undefined || day <= before || isOfMonth(question, tokens, next)) break
    const isSpan = joint === 'range' || (isBetween && days.length === 1 && next === place + 2)
    // `May 3 and 5 of us`
    if (!isSpan && !endsThere(question, tokens, next)) break
    if (isSpan) days.splice(-1, 1, [from ?? day, day])
    else days.push([day, day])
    place = next
  }
  return { days, place }
}

/** The number behind a month is none of its days: `13 May - 2 June`, `3 May, 9 am`, `in May, 2 June`, `May '23`. */
function isOfOther(question: string, tokens: readonly Token[], month: number, hasDay: boolean): boolean {
  const gap = question.slice(tokens[month]?.end, tokens[month + 1]?.at)
  if (/['\u2018\u2019]$/.test(gap)) return true
  // `Page 3 May 5, 2023`
  if (hasDay) return !/^\s+$/.test(gap) || yearOf(tokens[month + 2]?.plain) === undefined
  if (!isOfMonth(question, tokens, month + 1)) return false
  const next = tokens[month + 2]
  // `On May 3 may they`, `May 3 June 5`
  const isVerb = next !== undefined && ordinary.has(next.plain) && !isCapital(next) && !saysDate(question.slice(tokens[month + 1]?.end, next.at))
  return !isVerb && !(/^\s+$/.test(gap) && dayOf(tokens[month + 3]?.plain) !== undefined)
}

/** `Between` stands so many characters before a day at most. */
const lookedBack = 40
const textBefore = (question: string, token: Token | undefined): string => fold(question.slice(Math.max(0, (token?.at ?? 0) - lookedBack), token?.at))

/** `3 May`, `3-5 May`, `3, 4 and 5 May`, `between 3 and 5 May`. @param taken the last place that is another month's */
function daysAhead(question: string, tokens: readonly Token[], month: number, taken: number): FoundDays | undefined {
  const last = dayOf(tokens[month - 1]?.plain)
  if (last === undefined || month - 1 <= taken) return undefined
  const days: Days[] = [[last, last]]
  let place = month - 1
  for (;;) {
    const { joint, next } = jointAt(question, tokens, place, -1)
    const day = dayOf(tokens[next]?.plain)
    const [before = 0, to] = days[0] ?? []
    if (joint === undefined || day === undefined || day >= before || next <= taken) break
    // A comma alone joins other numbers as well: `chapter 5, 14 May`.
    if (joint === 'list' && next === place - 1 && days.length === 1) break
    if (joint === 'range') days.splice(0, 1, [day, to ?? day])
    else days.unshift([day, day])
    place = next
  }
  const [[first] = [last], ...more] = days
  return { days: more.length === 1 && isBehindBetween(textBefore(question, tokens[place])) ? [[first, last]] : days, place }
}

/** What joins a number to the next one, or the one before, and where that stands. */
function jointAt(question: string, tokens: readonly Token[], place: number, step: 1 | -1): { readonly joint: 'range' | 'list' | undefined; readonly next: number } {
  const [here, beside] = [tokens[place], tokens[place + step]]
  const gap = step === 1 ? question.slice(here?.end, beside?.at) : question.slice(beside?.end, here?.at)
  if (beside === undefined) return { joint: undefined, next: place }
  if (inRow.test(gap)) return { joint: 'range', next: place + step }
  if (/^\.?\p{L}{0,2},\s*$/u.test(gap) && dayOf(beside.plain) !== undefined) return { joint: 'list', next: place + step }
  const joint = rangeWords.has(beside.plain) ? 'range' : listWords.has(beside.plain) ? 'list' : undefined
  return { joint, next: place + 2 * step }
}

/** `May 3 to 5 June`: the 5 is of June. */
const isOfMonth = (question: string, tokens: readonly Token[], place: number): boolean =>
  monthNames().has(tokens[place + 1]?.plain ?? '') && /^\.?\p{L}{0,2}\s*(?:(?:of|de)\s+)?(?:the\s+)?$/u.test(question.slice(tokens[place]?.end, tokens[place + 1]?.at))

function endsThere(question: string, tokens: readonly Token[], place: number): boolean {
  const [here, after] = [tokens[place], tokens[place + 1]]
  return after === undefined || yearOf(after.plain) !== undefined || listWords.has(after.plain) || /[,.;:!?)]/.test(question.slice(here?.end, after.at))
}

/** `13th` ends behind its letters. */
const behindEnding = (question: string, { end, plain }: Token): number => (/^\d/.test(plain) ? end + (/^(?:st|nd|rd|th|er)\b/iu.exec(question.slice(end))?.[0].length ?? 0) : end)

const isCapital = ({ written }: Token): boolean => /^\p{Lu}/u.test(written)
/** `Dec. 3` */
const isShort = (name: string): boolean => name !== 'may' && (shortInEnglish.includes(name) || name === 'sept')
const endsSentence = (gap: string): boolean => /[.!?;:\u2026]/.test(gap)
/** A point or a word between a day and its month: `3. mars`, `3 de mayo`. */
const saysDate = (gap: string): boolean => /^\s*(?:\.|(?:st|nd|rd|th)?\s+(?:of|de)\s)/i.test(gap)

/** `Chapter 3. May I` are two sentences, and `3. Mai` and `3. mars` are days. */
function mayFollowDay(month: Token, gap: string): boolean {
  if (!endsSentence(gap)) return true
  return /^\.\s*$/.test(gap) && namesBehindPoint().has(month.plain) && !(ordinary.has(month.plain) && isCapital(month))
}

const dayOf = (token = ''): number | undefined => (/^\d{1,2}$/.test(token) && Number(token) >= 1 && Number(token) <= 31 ? Number(token) : undefined)
const yearOf = (token = ''): number | undefined => (/^(?:19|20)\d{2}$/.test(token) ? Number(token) : undefined)
