import { z } from 'zod'
import { vectorOfQuestion } from '../recall/question-vector.ts'
import { passagesMeantWithinMs, searchPassages } from '../recall/search-passages.ts'
import { endDate, page as pageArgument, query as queryArgument, startDate, tags as tagsArgument } from './arguments.ts'
import { dateRange } from './dates.ts'
import { linesOf, passageLine } from './result-lines.ts'
import { deepestByWords, offsetOf, pageSize, renderPage } from './result-page.ts'
import { defineTool } from './tool.ts'

/** Every passage that passes the filters has a rank, so `total` counts them all, and the last pages are hardly relevant. */
export const archivalMemorySearch = defineTool({
  name: 'archival_memory_search',
  description: 'Search archival memory by meaning and words, best first.',
  schema: z.object({
    query: queryArgument,
    page: pageArgument,
    tags: tagsArgument.optional().describe('any of these'),
    source: z.string().optional().describe('agent, page_out, or a document'),
    start_date: startDate.optional(),
    end_date: endDate.optional(),
  }),
  policy: { placement: 'activity', idempotent: true },
  async run({ query, page = 1, tags = [], source, start_date, end_date }, { agentId, stores, embedder, signal }) {
    const vector = await vectorOfQuestion(embedder, query, { signal, withinMs: passagesMeantWithinMs })
    const filters = {
      words: query,
      offset: offsetOf(page),
      limit: pageSize,
      ...(tags.length > 0 && { tags }),
      ...(source !== undefined && source !== '' && { source }),
      ...dateRange({ start: start_date, end: end_date }),
    }
    const { total, atLeast, hits } = await searchPassages({ stores, space: embedder, agentId, query: filters, vector, deepest: deepestByWords })
    const lines = await linesOf(hits, hit => passageLine(hit.passage, query))
    return renderPage({ page, found: [{ count: total, atLeast, noun: 'passages' }], lines, hint: 'Try without tags, source or dates, or conversation_search.', wordsAlone: vector === undefined })
  },
})
