import type { EmbeddingSpace } from '../stores/embedding-space.ts'
import type { ExchangePart, ExchangePlace } from '../stores/exchanges.ts'
import type { Stores } from '../stores/stores.ts'
import { closedExchanges, type ClosedExchange } from './closed-exchanges.ts'
import { embedWhatIsTaken, type Embed, type RequestSize } from './embed-what-is-taken.ts'

/** Texts of one request to the endpoint, and of what is stored together: a kill costs no more. */
const batch = 64

/** A text of an exchange that the model takes neither with others nor alone: it is found by its words. */
export interface RefusedText extends ExchangePlace {
  readonly reason: unknown
}

/** The latest exchange that a model was given. */
export interface GivenPlace extends ExchangePlace {
  /** The last message of the latest that had a vector then; 0: none had. All behind it up to this place were refused. */
  readonly behind: number
}

interface EmbeddedExchanges {
  readonly embedded: number
  readonly reached: GivenPlace | undefined
  readonly more: boolean
}

/**
 * Makes the vectors of an agent's exchanges that are missing, up to what has left the context: from where the stored ones end, in batches. Broken
 * off at any moment, the next call goes on there. Several at once do harm to nothing. A text that the model refuses is left out; it is asked for again
 * by the next call only while nothing behind it has a vector, and where that call is not told that the model was given it (`after`).
 * @param options.left the highest sequence number that has left the context
 * @param options.after up to where an earlier call has given them to this model. It says nothing where vectors end elsewhere now: they may have been lost since, or
 *   removed for another model and made anew
 * @param options.most how many exchanges at the most, those that are refused among them
 * @param options.isEnough asked after each batch: the rest is for a later call
 * @param options.goesOn asked before each batch
 * @returns how many exchanges were embedded; up to where the model was given them, undefined where it was given none; and whether there may be more for a later call
 * @throws what the embedder throws for any text, or a store
 */
export async function embedExchanges(options: {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly space: EmbeddingSpace
  readonly embed: Embed
  readonly agentId: string
  readonly left: number
  readonly after?: GivenPlace | undefined
  readonly most?: number
  readonly isEnough?: () => boolean
  readonly goesOn?: () => boolean | Promise<boolean>
  readonly onBatch?: (exchanges: number) => void
  readonly onRefused?: (text: RefusedText) => void
}): Promise<EmbeddedExchanges> {
  const { stores, space, embed, agentId, left, most = Infinity, isEnough = () => false, goesOn = () => true, onBatch, onRefused } = options
  const { exchanges } = stores.archival
  const size: RequestSize = { texts: batch, most: batch }
  let embedded = 0
  let reached: GivenPlace | undefined
  let taken = 0
  let end = 0
  const keep = async (waiting: readonly ClosedExchange[]): Promise<boolean> => {
    if (!(await goesOn())) return false
    const texts = waiting.flatMap((exchange) => exchange.texts.map((text) => ({ exchange, text })))
    const vectors = await embedWhatIsTaken(embed, {
      texts: texts.map(({ text }) => text),
      size,
      onRefused: (index, reason) => {
        const { first = 0, last = 0 } = texts[index]?.exchange ?? {}
        onRefused?.({ first, last, reason })
      },
    })
    let next = 0
    const stored = waiting.map((exchange) => partsOf(exchange, exchange.texts.map(() => vectors[next++]))).filter((parts) => parts.length > 0)
    await exchanges.insert(agentId, stored.flat(), space)
    embedded += stored.length
    taken += waiting.length
    end = stored.at(-1)?.at(-1)?.last ?? end
    const latest = waiting.at(-1)
    if (latest !== undefined) reached = { first: latest.first, last: latest.last, behind: end }
    onBatch?.(stored.length)
    // Asked only now: whose deletion ends after this erases these vectors too.
    if (await eraseIfDeleted()) return false
    return (await stores.memory.agents.get(agentId))?.deletingAt === undefined
  }
  const eraseIfDeleted = async (): Promise<boolean> => {
    if (!(await stores.memory.agents.wasDeleted(agentId))) return false
    await stores.archival.eraseAgent(agentId)
    return true
  }
  // A call before this one may have been broken off between the two.
  if (await eraseIfDeleted()) return { embedded, reached, more: false }

  const stored = await exchanges.latest(agentId, space)
  end = stored?.last ?? 0
  const after = options.after?.behind === end ? options.after : stored
  let waiting: ClosedExchange[] = []
  let texts = 0
  let more = false
  for await (const exchange of closedExchanges(stores.memory.messages, agentId, { after, left })) {
    if (taken + waiting.length >= most || (taken > 0 && waiting.length === 0 && isEnough())) {
      more = true
      break
    }
    waiting.push(exchange)
    texts += exchange.texts.length
    if (texts < size.texts) continue
    if (!(await keep(waiting))) return { embedded, reached, more: false }
    waiting = []
    texts = 0
  }
  const goes = waiting.length === 0 || (await keep(waiting))
  return { embedded, reached, more: more && goes }
}

/** Those that have a vector, numbered without gaps. */
function partsOf({ first, last, at }: ClosedExchange, vectors: readonly (readonly number[] | undefined)[]): readonly ExchangePart[] {
  return vectors.filter((vector) => vector !== undefined).map((vector, part) => ({ first, last, at, part, vector }))
}
