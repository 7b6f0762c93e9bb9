import { limits } from '../protocol/limits.ts'

export const pageSize = limits.searchPageSize

export const offsetOf = (page: number): number => (page - 1) * pageSize

export interface ResultPage {
  /** 1-based. */
  readonly page: number
  readonly total: number
  /** There may be more. */
  readonly atLeast?: true | undefined
  /** One result each, of this page only. */
  readonly lines: readonly string[]
  /** What the results are: "results", "passages". */
  readonly noun: string
  /** What to try when there is none. */
  readonly hint: string
}

/** Search results as the model reads them: how many there are and where this page stands, then one line each. */
export function renderPage({ page, total, atLeast, lines, noun, hint }: ResultPage): string {
  if (total === 0) return `No ${noun} found. ${hint}`
  const pages = Math.ceil(total / pageSize)
  if (page > pages || lines.length === 0) {
    return `There is no page ${page}: ${total} ${noun} on ${pages} ${pages === 1 ? 'page' : 'pages'}, the first is page 1.`
  }
  const first = offsetOf(page) + 1
  const range = `Showing ${first}-${first + lines.length - 1} of`
  const header = atLeast === true ? `${range} at least ${total} ${noun} (page ${page})` : `${range} ${total} ${noun} (page ${page} of ${pages})`
  return [header, ...lines].join('\n')
}

/** `2026-01-31 18:30 UTC`. */
export function renderTime(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
