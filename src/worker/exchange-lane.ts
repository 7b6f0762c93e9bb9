import { Runtime } from '@temporalio/worker'
import type { Embedder } from '../model/model.ts'
import { withinTime } from '../model/within-time.ts'
import { messageOf } from '../protocol/errors.ts'
import type { ExchangesPart, ExchangesToEmbed } from '../protocol/exchanges.ts'
import { embedExchanges, type RefusedText } from '../recall/embed-exchanges.ts'
import type { Stores } from '../stores/stores.ts'
import { WaitingLine } from './waiting-line.ts'

/** Of one agent in one go: what is more, of a conversation that was imported say, is made when others have had their turn. */
const mostExchanges = 2_000

/**
 * Neither does one agent's part last much longer, as where the model is slow or refuses much: an attempt that is broken off, by the end of its time or of its worker, begins again
 * behind the latest vector, and where all is refused there is none.
 */
const longestPartMs = 120_000

/** A request to the embedding model is given up after this, and asked for again with fewer texts if the model is there. */
const requestMs = 60_000

export interface ExchangeLaneOptions {
  readonly stores: Pick<Stores, 'memory' | 'archival'>
  readonly embedder: Embedder
  /** Default: 2,000. */
  readonly most?: number
  /** After so many milliseconds a part ends with the batch that is under way. Default: two minutes. */
  readonly longestMs?: number
  /** Told after each batch that is stored. */
  readonly onBatch?: () => void
}

/** `busyMs`: others have their turn first; it is to be asked again after so many milliseconds. */
export type ExchangeLane = (given: ExchangesToEmbed, signal: AbortSignal) => Promise<{ readonly busyMs: number } | ExchangesPart>

/**
 * Makes the vectors of exchanges that are out of a context, of one agent at a time in each worker, beside its other work: no turn waits for it. None are made
 * where the worker's model is not that in force: it has still the setting of before a `perdure reindex`, or has the next one already. That command makes them
 * then, and until then they are found by words.
 * @throws what the embedder throws for any text, or a store; the signal's reason
 */
export function exchangeLane({ stores, embedder, most = mostExchanges, longestMs = longestPartMs, onBatch = () => undefined }: ExchangeLaneOptions): ExchangeLane {
  const line = new WaitingLine()
  let running = false
  return async ({ agentId, left, after: given }, signal) => {
    const busyMs = line.ask(agentId, !running)
    if (busyMs !== undefined) return { busyMs }
    running = true
    try {
      const embed = (texts: readonly string[]): ReturnType<Embedder['embed']> => withinTime(requestMs, signal, (ending) => embedder.embed(texts, ending))
      const onRefused = ({ first, last, reason }: RefusedText): void => {
        Runtime.instance().logger.warn('the embedding model refuses a text that has left an agent\'s context: it is found by its words alone', { agentId, messages: `${first}-${last}`, reason: messageOf(reason) })
      }
      const goesOn = async (): Promise<boolean> => {
        signal.throwIfAborted()
        return stores.archival.exchanges.isInForce(embedder)
      }
      // Anybody may send anything by hand.
      const after = given?.model === embedder.model ? given : undefined
      const begun = performance.now()
      const isEnough = (): boolean => performance.now() - begun >= longestMs
      const { embedded, more, reached } = await embedExchanges({ stores, space: embedder, embed, agentId, left, after, most, isEnough, goesOn, onRefused, onBatch })
      return { embedded, more, ...(reached && { after: { ...reached, model: embedder.model } }) }
    } finally {
      running = false
    }
  }
}
