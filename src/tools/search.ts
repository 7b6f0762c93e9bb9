import { z } from 'zod'
import { PerdureError } from '../protocol/errors.ts'
import { searchRecall } from '../recall/search-recall.ts'
import { page as pageArgument, query as queryArgument } from './arguments.ts'
import { searchOwnPassages } from './own-passages.ts'
import { messageLine, passageLine } from './result-lines.ts'
import { offsetOf, pageSize, renderPage } from './result-page.ts'
import { defineTool } from './tool.ts'

/** Each page reads both rankings from the top, so later pages take longer. */
const deepestPage = 40

/**
 * Recall and archival memory in one list. Their scores can't be compared, so the two rankings take turns. Each page reads both
 * rankings from the top, which keeps paging exact whichever of them ends first; the first pages are what is asked for.
 */
export const search = defineTool({
  name: 'search',
  description: 'Search conversation and archival memory together, best first.',
  schema: z.object({ query: queryArgument, page: pageArgument }),
  policy: { placement: 'activity', idempotent: true },
  async run({ query, page = 1 }, context) {
    const { agentId, turnSeq, stores, embedder, signal } = context
    if (page > deepestPage) {
      throw new PerdureError('tool-arguments', `search goes ${deepestPage} pages deep: use more precise words, or conversation_search and archival_memory_search`)
    }
    const limit = offsetOf(page) + pageSize
    const [recall, archival] = await Promise.all([
      searchRecall({ stores, embedder, agentId, query: { text: query, order: 'relevance', offset: 0, limit, conversation: true, before: turnSeq }, signal }),
      searchOwnPassages(context, { words: query, offset: 0, limit }),
    ])
    const all = alternate(
      recall.messages.map(message => `conversation ${messageLine(message, query)}`),
      archival.hits.map(hit => `archival ${passageLine(hit.passage, query)}`),
    )
    return renderPage({
      page,
      total: recall.total + archival.total,
      atLeast: recall.atLeast,
      lines: all.slice(offsetOf(page), limit),
      noun: 'results',
      hint: 'Try other or fewer words, or conversation_search_date.',
    })
  },
})

/** First of the one, first of the other, second of the one, …; then the rest of the longer. */
export function alternate<Item>(left: readonly Item[], right: readonly Item[]): Item[] {
  const length = Math.max(left.length, right.length)
  return Array.from({ length }, (_, index) => [...left.slice(index, index + 1), ...right.slice(index, index + 1)]).flat()
}
