import { z } from 'zod'
import type { Chunk } from '../protocol/documents.ts'
import { PerdureError } from '../protocol/errors.ts'
import { composed } from '../protocol/well-formed.ts'
import { mostSimilar } from './similarity.ts'
import { defineTool, type ToolContext } from './tool.ts'

/** Chunks of one reading: about as much as a page of search results. */
const chunksAtOnce = 5
/** Names among which a misspelt one is looked for. */
const namesLooked = 500

/** Offered where an agent has documents. */
export const openDocument = defineTool({
  name: 'open_document',
  description: 'Read a document from a page or a line on, to see what stands around a passage you found.',
  schema: z.object({
    name: z.string().min(1).describe('as list_documents, or the source of a passage, gives it'),
    page: z.int().min(1).optional(),
    line: z.int().min(1).optional(),
  }),
  policy: { placement: 'local', idempotent: true },
  async run({ name, page, line }, context) {
    const { documents } = context.stores.memory
    const document = await documents.get(context.agentId, composed(name))
    if (document?.status !== 'loaded') throw await notThere(context, name)
    const { hash, chunks: total = 0 } = document
    const where = page !== undefined ? { page } : line !== undefined ? { line } : undefined
    const from = where === undefined ? 0 : await documents.placeOf(context.agentId, hash, where)
    if (from === undefined) {
      const [last] = await documents.chunks(context.agentId, hash, Math.max(0, total - 1), total)
      throw new PerdureError('tool-arguments', `${name} ends ${last === undefined ? 'before that' : `at ${placeOf(last)}`}${page !== undefined && document.pages === undefined ? '; it has lines, no pages' : ''}`)
    }
    const read = await documents.chunks(context.agentId, hash, from, from + chunksAtOnce)
    const next = from + read.length
    const [following] = await documents.chunks(context.agentId, hash, next, next + 1)
    return [
      `${name}, passages ${from + 1}-${next} of ${total}`,
      ...read.map((chunk) => `[${placeOf(chunk)}${chunk.heading === undefined ? '' : ` · ${chunk.heading}`}]\n${chunk.text}`),
      following === undefined ? '(end of the document)' : `(goes on at ${placeOf(following)})`,
    ].join('\n\n')
  },
})

function placeOf({ page, lines }: Chunk): string {
  if (page !== undefined) return `page ${page}`
  return lines === undefined ? 'the beginning' : `line ${lines[0]}`
}

async function notThere({ stores, agentId }: ToolContext, name: string): Promise<PerdureError> {
  const { documents } = await stores.memory.documents.list(agentId, { offset: 0, limit: namesLooked })
  const near = mostSimilar(name, documents.map((known) => known.name))
  return new PerdureError('tool-arguments', `there is no document ${JSON.stringify(name)}${near === undefined ? '; list_documents names them' : `; did you mean ${JSON.stringify(near)}?`}`)
}
