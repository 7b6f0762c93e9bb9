import { z } from 'zod'
import { searchRecall } from '../recall/search-recall.ts'
import { page as pageArgument, query as queryArgument } from './arguments.ts'
import { linesOf, messageLine } from './result-lines.ts'
import { merelyNear, offsetOf, pageSize, renderPage } from './result-page.ts'
import { defineTool } from './tool.ts'

/** Finds what was said, not what earlier searches found: `conversation` leaves their results out, `before` the question itself. */
export const conversationSearch = defineTool({
  name: 'conversation_search',
  description: 'Search everything ever said in this conversation by words and meaning, best first.',
  schema: z.object({ query: queryArgument, page: pageArgument }),
  policy: { placement: 'local', idempotent: true },
  async run({ query, page = 1 }, { agentId, turnSeq, at, stores, embedder, signal }) {
    const found = await searchRecall({
      stores,
      embedder,
      agentId,
      query: { text: query, order: 'relevance', offset: offsetOf(page), limit: pageSize, conversation: true, before: turnSeq },
      askedAt: at,
      signal,
    })
    const lines = await linesOf(found.messages, message => messageLine(message, query, found.near))
    return renderPage({ page, found: [{ count: found.total, atLeast: found.atLeast, noun: 'results' }, merelyNear(found.near)], lines, hint: 'Try other or fewer words, conversation_search_date, or archival_memory_search.', wordsAlone: found.byWordsAlone })
  },
})
