import type { TextDelta, TurnEvent } from '../../protocol/turn-event.ts'
import { liveMarkOf, noLiveMark, type LiveBatch, type LiveMark } from '../../stores/live.ts'

/** The step that runs, as far as its text was told. */
export interface Live {
  /** Up to where the store of live text was read. */
  readonly mark: LiveMark
  /** Sequence number that the step's message will have. 0: none was told of. */
  readonly seq: number
  readonly attempt: number
  /** Its batches that were told, from the first on; 0: none. */
  readonly batch: number
  /** What was told of it: whoever comes is told the same. Of an attempt before the present one there is nothing left. */
  readonly events: readonly TurnEvent[]
}

export const noLive: Live = { mark: noLiveMark, seq: 0, attempt: 0, batch: 0, events: [] }

/**
 * A batch as events: the step begins with its first one, and another attempt with a reset. The store may have forgotten what came before it:
 * what does not follow on what was told is not told, as a text without its beginning says something else.
 */
export function takeBatch(live: Live, batch: LiveBatch): { readonly live: Live; readonly events: readonly TurnEvent[] } {
  const { seq, attempt, again, turn, step, texts } = batch
  const place = { turn, step, seq }
  const another = seq !== live.seq
  const anew = another || attempt !== live.attempt
  const follows = batch.batch === (anew ? 1 : live.batch + 1)
  const begun: TurnEvent[] = another ? [{ type: 'step', id: `${seq}.step`, ...place }] : []
  const reset: TurnEvent[] = anew && (!another || again === true) ? [{ type: 'reset', id: `${seq}.${attempt}.0`, ...place, attempt }] : []
  const deltas = follows ? texts.map(({ n, ...text }): TextDelta => ({ type: 'delta', id: `${seq}.${attempt}.${n}`, ...place, attempt, n, ...text })) : []
  const events = [...begun, ...reset, ...deltas]
  // Whoever comes later sees the present attempt only.
  const present = another ? [] : reset.length > 0 ? live.events.filter(({ type }) => type === 'step') : live.events
  return { live: { mark: liveMarkOf(batch), seq, attempt, batch: follows ? batch.batch : anew ? 0 : live.batch, events: [...present, ...events] }, events }
}
