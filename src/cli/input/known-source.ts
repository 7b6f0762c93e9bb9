import type { PerdureClient } from '../../index.ts'
import { PerdureError } from '../../protocol/errors.ts'

/** Where passages come from that are of no document. */
const kinds = ['agent', 'page_out', 'person']
const atOnce = 1_000
const mostNamed = 20

/**
 * For a source of which nothing was found.
 * @throws PerdureError `passage-unknown` where it is neither a kind nor one of the agent's documents, with those that there are
 */
export async function assertKnownSource(client: Pick<PerdureClient, 'documents'>, agent: string, source: string): Promise<void> {
  if (kinds.includes(source)) return
  const names: string[] = []
  for (let all = Infinity, offset = 0; offset < all; offset += atOnce) {
    const { total, documents } = await client.documents(agent, { offset, limit: atOnce })
    if (documents.some(({ name }) => name === source.normalize('NFC'))) return
    names.push(...documents.slice(0, mostNamed - names.length).map(({ name }) => JSON.stringify(name)))
    all = total
  }
  const documents = names.length === 0 ? 'it has no documents' : `its documents are ${names.join(', ')}`
  throw new PerdureError('passage-unknown', `${agent} has no source ${JSON.stringify(source)}: a source is ${kinds.join(', ')}, or a document's name, and ${documents}${names.length === mostNamed ? ', and more: `perdure documents` lists them' : ''}`)
}
