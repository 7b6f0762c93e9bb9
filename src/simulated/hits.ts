import type { Call } from './view.ts'
import { coverage, plain, sentencesOf } from './words.ts'
import { isQuestion, type Question } from './question.ts'

/** One result of a search tool. */
export interface Hit {
  readonly time: string
  /** `user`, `you`, or where a passage comes from. */
  readonly from: string
  readonly text: string
  /** The place in the document from which the hit comes: `page 3`. */
  readonly place?: string
}

export interface SearchPage {
  readonly call: Call
  readonly page: number
  readonly pages: number
  readonly hits: readonly Hit[]
}

export const searchTools = ['archival_memory_search', 'conversation_search', 'conversation_search_date', 'search'] as const

const isSearch = (call: Call): boolean => searchTools.some((name) => name === call.name)

export function searchPagesOf(calls: readonly Call[]): readonly SearchPage[] {
  return calls
    .filter((call) => isSearch(call) && call.ok === true)
    .map((call) => {
      const [, page = '1', pages = '1'] = /\(page (\d+) of (\d+)\)/i.exec(call.result) ?? []
      return { call, page: Number(page), pages: Number(pages), hits: hitsIn(call.result) }
    })
}

/** Each result begins with a line that has a time in brackets; lines without one belong to the result before them. */
function hitsIn(result: string): readonly Hit[] {
  const hits: { time: string; from: string; text: string }[] = []
  for (const line of result.split('\n')) {
    const start = /^\s*(?:[-*]|\d+[.)])?\s*(?:conversation |archival )?\[([^\],]+)[^\]]*\]\s*(?:([\p{L}\w()./@+ -]+?)((?: #\S+)*): )?(.*)$/u.exec(line)
    if (start !== null) hits.push(hitOf(start[1], start[2], start[4]))
    else if (hits.length > 0) hits[hits.length - 1] = { ...hits.at(-1), text: `${hits.at(-1)?.text ?? ''}\n${line}` } as Hit
  }
  return hits
}

/** A passage of a document begins with a line that names its place and its headings. */
function hitOf(time = '', from = '', text = ''): { time: string; from: string; text: string; place?: string } {
  const place = /^\(((?:page|lines?) \d+(?:-\d+)?)(?: · .*)?\)$/.exec(text)?.[1]
  return place === undefined ? { time, from, text } : { time, from, text: '', place }
}

export interface Finding extends Hit {
  /** The share of the question's keywords that it has, from 0 to 1. */
  readonly score: number
  /** The part of the text that answers. */
  readonly quote: string
}

/** The statement among the hits that has most of the question's keywords. Words of the user or of a passage go before the agent's own. */
export function findingIn(hits: readonly Hit[], question: Question): Finding | undefined {
  const eligible = question.kind === 'said' ? hits.filter((hit) => hit.from !== 'you') : hits
  const candidates = eligible.flatMap((hit) =>
    statementsOf(hit.text).map((quote) => ({ ...hit, quote, score: coverage(question.keywords, quote) * (hit.from === 'you' ? 0.6 : 1) })),
  )
  const fitting = candidates.filter((candidate) => candidate.score >= 0.5)
  // Results of one minute are newest first like all others.
  if (question.first) return fitting.toReversed().toSorted((a, b) => a.time.localeCompare(b.time))[0]
  return fitting.toSorted((a, b) => b.score - a.score)[0]
}

/** The sentences of a text that can be an answer: no questions, and no statements of the agent that it knows nothing. */
export function statementsOf(text: string): readonly string[] {
  return sentencesOf(text).filter((quote) => !isQuestion(quote) && !/(?:i looked through|i don't know|nothing about)/.test(plain(quote)))
}
