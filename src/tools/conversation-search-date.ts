import { z } from 'zod'
import { endDate, page as pageArgument, startDate } from './arguments.ts'
import { dateRange } from './dates.ts'
import { linesOf, messageLine } from './result-lines.ts'
import { offsetOf, pageSize, renderPage } from './result-page.ts'
import { defineTool } from './tool.ts'

export const conversationSearchDate = defineTool({
  name: 'conversation_search_date',
  description: 'What was said between two dates or times, newest first: also around a result of another search.',
  schema: z.object({ start_date: startDate, end_date: endDate, page: pageArgument }),
  policy: { placement: 'local', idempotent: true },
  async run({ start_date, end_date, page = 1 }, { agentId, turnSeq, stores }) {
    const found = await stores.memory.messages.search(agentId, {
      ...dateRange({ start: start_date, end: end_date }),
      order: 'newest',
      offset: offsetOf(page),
      limit: pageSize,
      conversation: true,
      before: turnSeq,
    })
    const lines = await linesOf(found.messages, message => messageLine(message, ''))
    return renderPage({ page, found: [{ count: found.total, atLeast: found.atLeast, noun: 'results' }], lines, hint: 'Try a wider range, or conversation_search with words.' })
  },
})
