import { limits } from '../protocol/limits.ts'

export const pageSize = limits.searchPageSize

/** By words alone pages of passages go so deep, as deep as those of `search`. */
export const deepestByWords = 200

export const offsetOf = (page: number): number => (page - 1) * pageSize

/** One kind of what was found. */
export interface Counted {
  readonly count: number
  /** There may be more. */
  readonly atLeast?: true | undefined
  /** What they are: "results", "passages". */
  readonly noun: string
}

export interface ResultPage {
  /** 1-based. */
  readonly page: number
  /** What is on all pages together. */
  readonly found: readonly Counted[]
  /** One result each, of this page only. */
  readonly lines: readonly string[]
  /** What to try when there is none. */
  readonly hint: string
  /** Meaning was to be looked at, and could not be. */
  readonly wordsAlone?: boolean | undefined
}

/** Of what is found by meaning alone: it is there whatever is asked. */
export const merelyNear = (near: readonly number[] = []): Counted => ({ count: near.length, noun: near.length === 1 ? 'message merely near by meaning' : 'messages merely near by meaning' })

/** Above the results where meaning was to be looked at, and could not be. */
const byWordsAlone = 'By words alone: what finds by meaning did not answer.'

/** Search results as the model reads them: how many there are and where this page stands, then one line each. */
export function renderPage({ wordsAlone, ...page }: ResultPage): string {
  return wordsAlone === true ? `${byWordsAlone}\n${pageText(page)}` : pageText(page)
}

function pageText({ page, found, lines, hint }: ResultPage): string {
  const there = found.filter(({ count }) => count > 0)
  const [matching] = found
  if (there.length === 0) return `No ${matching?.noun ?? 'results'} found. ${hint}`
  const pages = Math.ceil(there.reduce((sum, { count }) => sum + count, 0) / pageSize)
  const more = there.some(({ atLeast }) => atLeast === true)
  if (lines.length === 0 && more) return `Page ${page} lies behind the best ${namesOf(there, '')}, and no more of them are put in order. ${hint}`
  if (page > pages || lines.length === 0) {
    return `There is no page ${page}: ${namesOf(there)} on ${pages} ${pages === 1 ? 'page' : 'pages'}, the first is page 1.`
  }
  const first = offsetOf(page) + 1
  const none = matching?.count === 0 ? `No ${matching.noun} found by words. ` : ''
  return [`${none}Showing ${first}-${first + lines.length - 1} of ${namesOf(there)} (page ${page}${more ? '' : ` of ${pages}`})`, ...lines].join('\n')
}

const namesOf = (found: readonly Counted[], beforeMore = 'at least '): string =>
  new Intl.ListFormat('en').format(found.map(({ count, atLeast, noun }) => `${atLeast === true ? beforeMore : ''}${count} ${noun}`))

/** `2026-01-31 18:30 UTC`. */
export function renderTime(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
