import { z } from 'zod'
import { addOwnPassages } from './own-passages.ts'
import { renderTime } from './result-page.ts'
import { defineTool } from './tool.ts'

/**
 * Moves a chunk outside: the content becomes a passage, and the result is one short line. What the model had in its context
 * before, and the call's own arguments, stay in the queue until compaction evicts them; from then on the page is outside only.
 */
export const pageOut = defineTool({
  name: 'page_out',
  description: 'Store a chunk of your context outside under a page number, to be found again by search.',
  schema: z.object({ content: z.string().trim().min(1), page_number: z.coerce.number().int().min(0) }),
  policy: { placement: 'activity', idempotent: true },
  async run({ content, page_number }, context) {
    const tag = `page:${page_number}`
    const result = await addOwnPassages(context, { content, tags: [tag], source: 'page_out' })
    if ('duplicateOf' in result) {
      const { tags, source, at } = result.duplicateOf
      return `This exact text is outside since ${renderTime(at)} (source ${source}, tags ${tags.join(', ') || 'none'}); it was not stored again.`
    }
    const parts = result.added === 1 ? '' : ` in ${result.added} parts`
    return `Page ${page_number} is stored outside${parts}. Find it with archival_memory_search (source "page_out", tags ["${tag}"]) or search.`
  },
})
