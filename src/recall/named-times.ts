import type { TimeSpan } from '../stores/messages.ts'
import { fold } from '../words/fold.ts'
import { boundBefore, endsSentence, isBehindBetween, isBoundBehind, linkOf, relativeYearBefore, relativeYearBehind, yearBeforeIn, yearsAloneIn, type Bound, type Link } from './dated-words.ts'
import { writtenDatesIn, type Days, type NamedDate } from './written-dates.ts'

/** A question that names more is answered by the first of them. */
const mostSpans = 4
/** So many dates are looked at, and so many characters before and behind each: a question is what a person or a model has written, and may be a page. */
const [mostDates, lookedAround] = [32, 120]

/**
 * The days and months that a question names, in UTC: `13 May 2023`, `May 13th`, `in May`, `mai 2023`, `2023-05-13`, `2023年5月`, `May 3-5`, `from May to July 2023`, `in May last
 * year`. A year counts for all that is joined to its date, and a date without one is the latest that had begun when it was asked. None where a date is
 * a bound of what is asked for (`since May`), of years alone, and of times that depend on when it was asked (`last week`): docs/evaluation.md.
 * @param askedAt ISO 8601
 */
export function timesNamedIn(question: string, askedAt: string): readonly TimeSpan[] {
  const asked = new Date(askedAt)
  const spans = chainsOf(question.normalize('NFC'), asked).flatMap((chain) => spansOf(chain, asked))
  return [...new Map(spans.map((span) => [`${span.from} ${span.to}`, span])).values()].slice(0, mostSpans)
}

const numericDate = /(?<!\d)(\d{4})(?:-(\d{2})(?:-(\d{2}))?(?![-\d])|年(\d{1,2})月(?:(\d{1,2})日)?)/gu

/** Behind such a date and without its year: `2023年5月から7月まで`, `2023年5月3日から5日まで`. */
const endInKanji = /^(?:から、?|到|至|[~〜～])(?:(\d{1,2})月)?(?:(\d{1,2})日(?!間))?/u

const numericDatesIn = (question: string): readonly NamedDate[] =>
  Array.from(question.matchAll(numericDate)).flatMap(({ 0: written, 1: year, 2: month, 3: day, 4: monthInKanji, 5: dayInKanji, index }) => {
    const ofMonth = month ?? monthInKanji
    const end = index + written.length
    const date = numericDateOf(year, ofMonth, day ?? dayInKanji, index, end)
    const found = monthInKanji === undefined ? null : endInKanji.exec(question.slice(end, end + lookedAround))
    const [ending = '', lastMonth, lastDay] = found ?? []
    if (lastMonth === undefined && lastDay === undefined) return [date]
    const from = end + ending.search(/\d/)
    return [date, numericDateOf(undefined, lastMonth ?? ofMonth, lastDay, from, end + ending.length)]
  })

function numericDateOf(year: string | undefined, month: string | undefined, day: string | undefined, at: number, end: number): NamedDate {
  const days: readonly Days[] = day === undefined ? [] : [[Number(day), Number(day)]]
  return { year: year === undefined ? undefined : Number(year), month: Number(month) - 1, days, at, end, doubtful: false }
}

interface Joined extends NamedDate {
  readonly bound: Bound
  /** How it is joined to the one before. */
  readonly link: Link
}

/** Dates that are joined: `in May and July 2023`. */
type Chain = readonly Joined[]

function chainsOf(question: string, asked: Date): readonly Chain[] {
  const named = [...numericDatesIn(question), ...writtenDatesIn(question)].toSorted((one, other) => one.at - other.at).slice(0, mostDates)
  if (named.every(({ doubtful }) => doubtful)) return []
  const plain = plainSignsOf(question)
  const chains: Joined[][] = []
  for (const date of named) {
    const chain = chains.at(-1)
    const before = chain?.at(-1)
    const dated = withYear(date, plain, asked)
    const link = before === undefined ? undefined : linkOf(plain.slice(before.end, date.at), { between: isBehindBetween(ahead(plain, before)) })
    const bound = isBoundBehind(behind(plain, dated), link) ? 'bound' : link === undefined ? boundBefore(ahead(plain, date)) : undefined
    if (chain !== undefined && link !== undefined) chain.push({ ...dated, bound, link })
    else chains.push([{ ...dated, bound, link: undefined }])
  }
  const years = yearsAloneIn(plain).filter((year) => !named.some(({ at, end }) => at <= year && year < end))
  const isBeside = (year: number, { at, end }: NamedDate): boolean =>
    year > at - lookedAround && year < end + lookedAround && !endsSentence(year < at ? plain.slice(year, at) : plain.slice(end, year))
  // Not of the latest year, as if none were named.
  const mayBeOfOther = (chain: Chain): boolean => chain.some((date) => date.year === undefined && years.some((year) => isBeside(year, date)))
  return chains.map(withoutDoubtful).map(withYears).filter((chain) => !mayBeOfOther(chain))
}

/** The plain form of each sign, where that is one too: what stands somewhere stands there in both. */
const plainSignsOf = (text: string): string =>
  Array.from(text, (sign) => (sign < '\u0080' ? [sign.toLowerCase()] : [fold(sign), sign.toLowerCase()]).find(({ length }) => length === sign.length) ?? sign).join('')

const ahead = (plain: string, { at }: NamedDate): string => plain.slice(Math.max(0, at - lookedAround), at)
const behind = (plain: string, { end }: NamedDate): string => plain.slice(end, end + lookedAround)

/** With the year that stands apart from it. NaN, which is that of no span, where that can't be known, for what is joined to it as well: `in May and June of the same year`. */
function withYear(date: NamedDate, plain: string, asked: Date): NamedDate {
  if (date.year !== undefined) return date
  const [told, before] = [relativeYearBehind(behind(plain, date)), ahead(plain, date)]
  if (told !== undefined) return { ...date, year: told.back === undefined ? Number.NaN : asked.getUTCFullYear() - told.back, end: date.end + told.length }
  const back = relativeYearBefore(before)?.back
  return { ...date, year: back === undefined ? yearBeforeIn(before) : asked.getUTCFullYear() - back }
}

/** What may be a word or a name is a date beside one that is certain. */
function withoutDoubtful(chain: Chain): Chain {
  if (chain.every(({ doubtful }) => doubtful)) return []
  return chain.filter(({ doubtful, link }, place) => !doubtful || link === 'range' || link === 'list' || chain[place + 1]?.link !== undefined)
}

/** The year of the next date that has one, else of the one before; of a span over a year's end the one beside it. */
function withYears(chain: Chain): Chain {
  const years = chain.map(({ year }) => year)
  const isAcross = (from: number): boolean => chain[from + 1]?.link === 'range' && (chain[from]?.month ?? 0) > (chain[from + 1]?.month ?? 0)
  for (let place = chain.length - 2; place >= 0; place -= 1) {
    const next = years[place + 1]
    if (next !== undefined) years[place] ??= isAcross(place) ? next - 1 : next
  }
  for (let place = 1; place < chain.length; place += 1) {
    const before = years[place - 1]
    if (before !== undefined) years[place] ??= isAcross(place - 1) ? before + 1 : before
  }
  return chain.map((date, place) => ({ ...date, year: years[place] }))
}

function spansOf(chain: Chain, asked: Date): readonly TimeSpan[] {
  const [first] = chain
  const spans: TimeSpan[] = []
  for (let place = 0; place < chain.length; place += 1) {
    const [date, next] = [chain[place], chain[place + 1]]
    if (date === undefined) break
    if (next?.link === 'range') {
      place += 1
      if (first?.bound !== 'bound' && next.bound === undefined) spans.push(...spanBetween(date, next, asked))
    } else if ([first?.bound, date.bound].every((bound) => bound === undefined || (bound === 'beginning' && isSpan(date)))) spans.push(...spansOfDate(date, asked))
  }
  return spans
}

/** `Since 3 until 5 May` has both its ends. */
const isSpan = ({ days }: NamedDate): boolean => days.some(([first, last]) => first < last)

/** From the beginning of the one to the end of the other; both apart where that is earlier. */
function spanBetween(date: NamedDate, next: NamedDate, asked: Date): readonly TimeSpan[] {
  const from = spansOfDate(date, asked)
  const year = next.year ?? (from[0] === undefined ? undefined : Number(from[0].from.slice(0, 4)) + (next.month < date.month ? 1 : 0))
  const to = spansOfDate({ ...next, year }, asked)
  const [begin, end] = [from[0], to.at(-1)]
  return begin !== undefined && end !== undefined && begin.from < end.to ? [{ from: begin.from, to: end.to }] : [...from, ...to]
}

const spansOfDate = (date: NamedDate, asked: Date): readonly TimeSpan[] =>
  (date.days.length === 0 ? [undefined] : date.days).flatMap((days) => spanOf({ ...date, days }, asked) ?? [])

/** How many years back a day without one is looked for: there may be no 29 February in seven. */
const latestYears = [0, 1, 2, 3, 4, 5, 6, 7, 8]
/** Numbers below are no years: `0099-05`. */
const firstYear = 1_000

/** Undefined where there is no such day or month. */
function spanOf({ year, month, days }: { readonly year: number | undefined; readonly month: number; readonly days: Days | undefined }, asked: Date): TimeSpan | undefined {
  const [first, last] = days ?? []
  const begin = (ofYear: number): number => Date.UTC(ofYear, month, first ?? 1)
  const present = asked.getUTCFullYear()
  const isThere = (ofYear: number): boolean => [first ?? 1, last ?? 1].every((day) => new Date(Date.UTC(ofYear, month, day)).getUTCMonth() === month)
  const named = year ?? latestYears.map((back) => present - back).find((ofYear) => isThere(ofYear) && begin(ofYear) <= asked.getTime())
  if (named === undefined || named < firstYear || !isThere(named)) return undefined
  const to = last === undefined ? Date.UTC(named, month + 1, 1) : Date.UTC(named, month, last + 1)
  return { from: new Date(begin(named)).toISOString(), to: new Date(to).toISOString() }
}
