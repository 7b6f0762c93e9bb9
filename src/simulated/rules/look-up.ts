import { findingIn, searchPagesOf, type SearchPage } from '../hits.ts'
import { withHeartbeat, type PlannedCall, type Rule } from '../move.ts'
import { questionIn, type Question } from '../question.ts'
import { recollect } from '../recollect.ts'
import type { Situation } from '../situation.ts'
import { isSmallTalk } from '../small-talk.ts'

/** After this many steps the user gets a message, whether the answer was found or not. */
const patience = 3

/** A question that main context does not answer is looked up outside; if a page holds nothing, the next one is tried. */
export const lookUp: Rule = (situation) => {
  const { unanswered, calls, steps } = situation
  if (unanswered === undefined || steps >= patience || isSmallTalk(unanswered.text)) return undefined
  const question = questionIn(unanswered.text, unanswered.time)
  if (question === undefined || recollect(situation, question) !== undefined) return undefined
  const pages = searchPagesOf(calls)
  if (pages.length === 0) {
    const searches = firstSearches(situation, question)
    if (searches.length === 0 || calls.some((call) => searches.some((search) => search.name === call.name))) return undefined
    return { thoughts: "I don't have this in front of me; I should look through my memory.", calls: searches }
  }
  return nextPages(pages, question)
}

function firstSearches({ view }: Situation, question: Question): readonly PlannedCall[] {
  const { query } = question
  const byDate =
    question.range === undefined ? [] : [withHeartbeat('conversation_search_date', { start_date: question.range[0], end_date: question.range[1] })]
  const conversation = withHeartbeat('conversation_search', { query })
  const archival = withHeartbeat('archival_memory_search', { query })
  const wanted = { dates: byDate, said: [conversation], fact: [archival, conversation] }[question.kind]
  const possible = wanted.filter((call) => view.toolNames.has(call.name))
  if (possible.length > 0) return possible
  return view.toolNames.has('search') ? [withHeartbeat('search', { query })] : []
}

function nextPages(pages: readonly SearchPage[], question: Question): ReturnType<Rule> {
  const hits = pages.flatMap((page) => page.hits)
  // A hit with half of the keywords will do as an answer, but only after the last page.
  const found = question.kind === 'dates' ? hits.length > 0 : (findingIn(hits, question)?.score ?? 0) > 0.55
  if (found && !question.first) return undefined
  const latest = new Map(pages.map((page) => [page.call.name, page]))
  const calls = [...latest.values()]
    .filter((page) => page.page < page.pages)
    .map((page) => withHeartbeat(page.call.name, { ...pageless(page.call.args), page: question.first ? page.pages : page.page + 1 }))
  if (calls.length === 0) return undefined
  return { thoughts: question.first ? 'The earliest mention is on a later page.' : 'Not on this page; there are more.', calls }
}

/** The search's own arguments, without those that the runtime adds to every call. */
function pageless(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !['page', 'request_heartbeat', 'inner_thoughts'].includes(key)))
}
