import type { PerdureClient } from '../client/client.ts'
import { limits } from '../protocol/limits.ts'
import type { StoredMessage } from '../protocol/messages.ts'

/** The bytes of JSON after which a page ends: a message may have megabytes of calls. */
export const { pageBytes } = limits
/** So many are read at once. */
const readAtOnce = 50

/** As many messages as are asked for, or as fit into a page; one at least, however large. */
export async function messagePageOf(client: Pick<PerdureClient, 'messages'>, agent: string, { after = 0, limit = limits.pageSize }: { readonly after?: number; readonly limit?: number }) {
  const messages: StoredMessage[] = []
  let bytes = 0
  for (;;) {
    const wanted = Math.min(readAtOnce, limit - messages.length)
    const read = await client.messages(agent, { after: messages.at(-1)?.seq ?? after, limit: wanted })
    for (const message of read) {
      bytes += Buffer.byteLength(JSON.stringify(message))
      if (messages.length > 0 && bytes > pageBytes) return { messages, ...nextOf(messages) }
      messages.push(message)
    }
    if (read.length < wanted) return { messages }
    if (messages.length === limit) return { messages, ...nextOf(messages) }
  }
}

const nextOf = (messages: readonly StoredMessage[]): { readonly next?: number } => {
  const last = messages.at(-1)
  return last === undefined ? {} : { next: last.seq }
}
