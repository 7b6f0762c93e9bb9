import { z } from 'zod'
import { tags as tagsArgument } from './arguments.ts'
import { addOwnPassages } from './own-passages.ts'
import { renderTime } from './result-page.ts'
import { defineTool } from './tool.ts'

export const archivalMemoryInsert = defineTool({
  name: 'archival_memory_insert',
  description: 'Keep a text for good in archival memory, outside the context. Write it so that it makes sense alone.',
  schema: z.object({ content: z.string().trim().min(1), tags: tagsArgument.optional() }),
  policy: { placement: 'activity', idempotent: true },
  async run({ content, tags = [] }, context) {
    const result = await addOwnPassages(context, { content, tags, source: 'agent' })
    if ('duplicateOf' in result) {
      return `Archival memory has exactly this text since ${renderTime(result.duplicateOf.at)}; it was not stored again.`
    }
    return result.added === 1 ? 'Stored in archival memory.' : `Stored in archival memory as ${result.added} passages, because of its length.`
  },
})
