import { z } from 'zod'
import { PerdureError } from '../protocol/errors.ts'
import { vectorOfQuestion } from '../recall/question-vector.ts'
import { searchPassages } from '../recall/search-passages.ts'
import { searchRecall } from '../recall/search-recall.ts'
import { page as pageArgument, query as queryArgument } from './arguments.ts'
import { linesOf, messageLine, passageLine } from './result-lines.ts'
import { deepestByWords, merelyNear, offsetOf, pageSize, renderPage } from './result-page.ts'
import { defineTool } from './tool.ts'

/** Each store ranks all before a page to find it, so later pages take longer. */
const deepestPage = 40

/** Recall and archival memory in one list. Their scores can't be compared, so the two rankings take turns. Only what stands on the page is read. */
export const search = defineTool({
  name: 'search',
  description: 'Search conversation and archival memory together, best first.',
  schema: z.object({ query: queryArgument, page: pageArgument }),
  policy: { placement: 'activity', idempotent: true },
  async run({ query, page = 1 }, context) {
    const { agentId, turnSeq, at, stores, signal } = context
    if (page > deepestPage) {
      throw new PerdureError('tool-arguments', `search goes ${deepestPage} pages deep: use more precise words, or conversation_search and archival_memory_search`)
    }
    const places = { from: offsetOf(page), to: offsetOf(page) + pageSize }
    // Both memories are asked the same question: its vector is one request.
    const vector = await vectorOfQuestion(context.embedder, query, { signal })
    const { model, dimensions } = context.embedder
    const embedder = vector && { model, dimensions, embed: () => Promise.resolve([vector]) }
    const archivalIn = (span: Span) => searchPassages({ stores, space: context.embedder, agentId, query: { words: query, ...pageOf(span) }, vector, deepest: deepestByWords })
    const recallIn = (span: Span) =>
      searchRecall({ stores, embedder, agentId, query: { text: query, order: 'relevance', ...pageOf(span), conversation: true, before: turnSeq }, askedAt: at, signal })

    // How long each is, it says itself: at first both are taken to go on.
    const assumed = spansOf(places, { left: Infinity, right: Infinity }).right
    let archival = await archivalIn(assumed)
    const recall = await recallIn(spansOf(places, { left: Infinity, right: lengthOf(archival) }).left)
    const { left, right } = spansOf(places, { left: recall.total + (recall.near?.length ?? 0), right: lengthOf(archival) })
    if (right.to > right.from && (right.from !== assumed.from || right.to > assumed.to)) archival = await archivalIn(right)

    const messages = recall.messages.slice(0, left.to - left.from).map(message => async () => `conversation ${await messageLine(message, query, recall.near)}`)
    const passages = archival.hits.slice(0, right.to - right.from).map(hit => async () => `archival ${await passageLine(hit.passage, query)}`)
    const lines = await linesOf(places.from % 2 === 0 ? alternate(messages, passages) : alternate(passages, messages), line => line())
    return renderPage({
      page,
      found: [{ count: recall.total, atLeast: recall.atLeast, noun: 'messages' }, merelyNear(recall.near), { count: archival.total, atLeast: archival.atLeast, noun: 'passages' }],
      lines,
      hint: 'Try other or fewer words, or conversation_search_date.',
      wordsAlone: vector === undefined || recall.byWordsAlone,
    })
  },
})

const lengthOf = ({ total, atLeast }: { readonly total: number; readonly atLeast?: true }): number => (atLeast === true ? Infinity : total)

/** Places in a list, from 0: the first, and the one behind the last. */
interface Span {
  readonly from: number
  readonly to: number
}

/** One at least, as what is found also says how much there is. */
const pageOf = ({ from, to }: Span): { readonly offset: number; readonly limit: number } => ({ offset: from, limit: Math.max(1, to - from) })

/** What stands at those places of two lists that take turns as `alternate` has it. */
export function spansOf({ from, to }: Span, lengths: { readonly left: number; readonly right: number }): { readonly left: Span; readonly right: Span } {
  const before = (place: number, first: number, own: number, other: number): number => Math.min(own, Math.max(first, place - other))
  const left = (place: number): number => before(place, Math.ceil(place / 2), lengths.left, lengths.right)
  const right = (place: number): number => before(place, Math.floor(place / 2), lengths.right, lengths.left)
  return { left: { from: left(from), to: left(to) }, right: { from: right(from), to: right(to) } }
}

/** First of the one, first of the other, second of the one, …; then the rest of the longer. */
export function alternate<Item>(left: readonly Item[], right: readonly Item[]): Item[] {
  const length = Math.max(left.length, right.length)
  return Array.from({ length }, (_, index) => [...left.slice(index, index + 1), ...right.slice(index, index + 1)]).flat()
}
