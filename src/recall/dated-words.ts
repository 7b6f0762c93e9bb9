/*
 * What stands around a date in a question, in the plain form of words: what makes a span of two dates, what excludes a date, and years that are told by
 * when it was asked. English, German, French and Spanish, and what is written alike in their neighbours.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Between the first and the last of a span. */
export const rangeWords = words('to until till through thru bis au a al hasta jusqu tot')
/** Between dates that are named one beside the other, and behind `between` between the ends of a span. */
export const listWords = words('and or und oder et ou y o e u')
const betweenWords = words('between zwischen entre')

/** Before a date: what is asked for was not said then. */
const bounds = words(
  `before after since until till except not than by
  vor nach seit ab bis ausser außer nicht
  avant apres depuis jusqu sauf
  antes despues desde hasta salvo excepto
  prima dopo depois ate sinds voor efter sedan siden`,
)
/** `Since May until July` is a span. */
const beginnings = words('since seit ab depuis desde')
/** `The week before 3 August`: it is told on that day, or about then. */
const nearWords = words(
  `day days night evening morning week weeks weekend weekends fortnight month months monday tuesday wednesday thursday friday saturday sunday
  tag tage tagen woche wochen wochenende monat monate monaten montag dienstag mittwoch donnerstag freitag samstag sonntag
  jour jours veille semaine semaines mois dia dias semana semanas mes meses`,
)
/** May stand between such a word and its date, or between a date and what it is joined to. */
const fillers = words(
  `the a of on in at around about during early late mid middle beginning start end st nd rd th
  der dem den des am im zum in anfang mitte ende ersten
  au le la l du de d en er fin debut
  el los del dia principios finales no`,
)
/** `The month of May`: fillers, too, where they stand beside the date. */
const monthWords = words('month monat mois mes')

const lastWord = /(?<word>[\p{L}\p{M}]+)[^\p{L}\p{M}\p{N}.!?;:]*$/u

/** The last words of a text, from the end, without those that tell nothing. */
function* wordsFromEnd(text: string): Generator<string> {
  let isLast = true
  for (let rest = text; ; ) {
    const found = lastWord.exec(rest)
    const word = found?.groups?.['word']
    if (found === null || word === undefined) return
    // `Before the month of May`, and not `the month before May 3`
    if (!fillers.has(word) && !(isLast && monthWords.has(word))) {
      isLast = false
      yield word
    }
    rest = rest.slice(0, found.index)
  }
}

export type Bound = 'beginning' | 'bound' | undefined

/** @param before the plain form of what stands before a date */
export function boundBefore(before: string): Bound {
  const [last = '', secondLast = ''] = wordsFromEnd(before)
  // `Partir en mai` is to leave then.
  if (last === 'partir' && /(?<!\p{L})a partir d\P{N}*$/u.test(before)) return 'beginning'
  if (!bounds.has(last) || nearWords.has(secondLast)) return undefined
  return beginnings.has(last) ? 'beginning' : 'bound'
}

export function isBehindBetween(before: string): boolean {
  const [last = ''] = wordsFromEnd(before)
  return betweenWords.has(last)
}

const boundPattern = /^\s*(?:onwards?\b|(?:on|an)\s*(?:[,.;:!?)]|$)|(?:and|or) (?:later|earlier|before|after|onwards?)\b|und (?:spater|fruher)\b|以前|以降|以後|以后|之前|之后|之後|より|前(?![後后半])|[後后](?!半)|から(?!、?\d{1,4}[年月日](?!間)))/u

/** @param behind the plain form of what stands behind a date @param link to the one before: `3日から5日まで` is a span */
export const isBoundBehind = (behind: string, link: Link): boolean => boundPattern.test(behind) || (link !== 'range' && /^\s*まで/u.test(behind))

/** `beside`: by a comma, which joins other things as well. */
export type Link = 'range' | 'list' | 'beside' | undefined

/** What joins two dates. @param gap the plain form of what stands between them */
export function linkOf(gap: string, { between }: { readonly between: boolean }): Link {
  if (/[.!?;:…]/u.test(gap.replace(/^\./, ''))) return undefined
  if (/^\s*(?:から、?|到|至|[~〜～])\s*$/u.test(gap)) return 'range'
  const joining = (gap.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter((word) => !(fillers.has(word) || monthWords.has(word)) || rangeWords.has(word))
  if (joining.some((word) => !rangeWords.has(word) && !listWords.has(word) && !beginnings.has(word))) return undefined
  if (joining.some((word) => rangeWords.has(word)) || /[-\u2010-\u2015]/u.test(gap)) return 'range'
  if (joining.some((word) => beginnings.has(word))) return undefined
  if (joining.some((word) => listWords.has(word))) return between ? 'range' : 'list'
  return /[,/&、和と]/u.test(gap) ? 'beside' : undefined
}

const one = words('a an one einem un une uno')
const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const numbersElsewhere = [['ein', 'zwei', 'drei', 'vier', 'funf', 'sechs'], ['un', 'deux', 'trois', 'quatre', 'cinq', 'six'], ['un', 'dos', 'tres', 'cuatro', 'cinco', 'seis']]

function numberOf(word: string): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word)
  if (one.has(word)) return 1
  for (const list of [numbers, ...numbersElsewhere]) if (list.includes(word)) return list.indexOf(word) + 1
  return undefined
}

/** How many years before the one in which it was asked; a group `ago` has the number. */
const relativeYears: readonly (readonly [string, number | undefined])[] = [
  ['(?:the )?year before last|(?:des |im )?vorletzte[ns] jahre?s?|(?:de )?l\'(?:annee|an) d\'avant-derniere?', 2],
  ['last year|(?:des |im )?(?:letzte[ns]|vergangene[ns]|vorige[ns]) jahre?s?|(?:de )?l\'(?:annee derniere|annee passee|an dernier|an passe)|(?:del |el )?ano pasado|(?:do |no )?ano passado|(?:dell|l)\'anno scorso|vorig jaar', 1],
  ['this year|(?:in )?diese[ns] jahr|dieses jahres|(?:de )?cette annee|(?:de )?este ano', 0],
  ['next year|nachste[ns] jahre?s?|(?:de )?l\'annee prochaine|(?:del |el )?(?:proximo ano|ano proximo)', -1],
  ['(?<ago>\\w+) years? ago|vor (?<vor>\\w+) jahr(?:en)?|il y a (?<ilya>\\w+) ans?|hace (?<hace>\\w+) anos?', undefined],
]
const yearBehind = relativeYears.map(([pattern, back]) => [new RegExp(`^[\\s,]*(?:of |from |in |de )?(?:${pattern})(?![\\p{L}\\p{N}])`, 'u'), back] as const)
const yearBefore = relativeYears.map(([pattern, back]) => [new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})[\\s,]*$`, 'u'), back] as const)
/** Of no year that could be known: what other words would have to say. `May '23` may be of any century. */
const unknownYear = /^[\s,]*(?:(?:of |in )?(?:that|the (?:previous|following|same)|every|each) year|['\u2018\u2019]\d{2})(?![\p{L}\p{N}])/u

export interface RelativeYear {
  /** Years before the one in which it was asked; absent where that can't be known. */
  readonly back?: number
  /** So many characters of the plain form of the text belong to it. */
  readonly length: number
}

function relativeYear(text: string, patterns: typeof yearBehind): RelativeYear | undefined {
  for (const [pattern, back] of patterns) {
    const found = pattern.exec(text)
    if (found === null) continue
    const { ago, vor, ilya, hace } = found.groups ?? {}
    const years = back ?? numberOf(ago ?? vor ?? ilya ?? hace ?? '')
    if (years !== undefined) return { back: years, length: found[0].length }
  }
  return undefined
}

/** `May last year`, `im Mai letzten Jahres`, `July two years ago`. @param behind the plain form of what stands behind a date */
export function relativeYearBehind(behind: string): RelativeYear | undefined {
  const unknown = unknownYear.exec(behind)
  return unknown === null ? relativeYear(behind, yearBehind) : { length: unknown[0].length }
}

/** `Last year in May`. @param before the plain form of what stands before a date */
export const relativeYearBefore = (before: string): RelativeYear | undefined => relativeYear(before.replace(/[\s,]*(?:(?<![\p{L}\p{M}])(?:in|on|the|im|am|en|em|le|el|du|de)\s+)*$/u, ''), yearBefore)

/** `In 2023, in May`. */
export function yearBeforeIn(before: string): number | undefined {
  const year = /(?<!\d)(?<year>(?:19|20)\d{2}),?\s+(?:(?:in|on|the|im|am|en|em|le|el)\s+)+$/u.exec(before)?.groups?.['year']
  return year === undefined ? undefined : Number(year)
}

/** `In 2023, what did I say`: where years stand alone, which may be those of a date elsewhere in the sentence. @param plain the plain form of a question */
export const yearsAloneIn = (plain: string): readonly number[] =>
  Array.from(plain.matchAll(/(?<!\p{L})(?:in|during|year|im|jahr|en|annee|em|ano)\s+(?=(?:19|20)\d{2}(?![\p{L}\p{N}]))/gu), ({ 0: found, index }) => index + found.length)

export const endsSentence = (gap: string): boolean => /[.!?…]\s/u.test(gap)
