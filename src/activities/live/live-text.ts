import type { OnDelta } from '../../model/model.ts'
import { limits } from '../../protocol/limits.ts'
import type { LiveBatch, LiveStore } from '../../stores/live.ts'
import type { InferenceAttempt } from './attempt-of.ts'
import { shownTexts, type ShownText } from './shown-texts.ts'

/** The text of an inference that runs, on its way to those who watch. */
export interface LiveInference {
  readonly onDelta: OnDelta
  /** The inference is over: the rest goes out, if anything has, and nothing more is taken. Nobody has to wait for it. */
  end(): void
}

export interface LiveTexts {
  /**
   * @param options.isShown whether the replies that a tool sends may be seen before the call has run
   * @param options.mayShow whether what the text answers is stored: a text is not to be seen before it. Absent: it is
   * @param options.repeated of one that was tried before those who watch are told at once
   */
  begin(step: InferenceRef, options: InferenceAttempt & { readonly isShown: (tool: string) => boolean; readonly mayShow?: () => boolean }): LiveInference
  /** Nothing of the turn is needed any more, nor of those before it, whichever worker wrote it. Nobody has to wait for it. */
  turnEnded(agentId: string, turn: number): void
}

export type InferenceRef = Pick<LiveBatch, 'agentId' | 'seq' | 'turn' | 'step'>

const batchMs = 50
/** Characters of one inference; what is more is not shown until its message is stored. */
const mostCharacters = 1_000_000

/**
 * Puts what models write into the store of live text, every 50 ms and one write of an inference at a time. It neither fails nor slows the
 * inference: one that is over sooner writes nothing, and what can't be written goes with the next batch, or is not shown.
 */
export function liveTexts(store: LiveStore): LiveTexts {
  return {
    begin: ({ agentId, seq, turn, step }, { isShown, mayShow = () => true, attempt: given, repeated }) => {
      let waiting: ShownText[] = []
      let characters = 0
      let told = 0
      let batches = 0
      let unsent: LiveBatch | undefined
      let attempt: number | undefined
      let writing = false
      let over = false

      const write = async (): Promise<void> => {
        // The clock may have been set back; of what was written not long ago the store knows.
        attempt ??= Math.max(given, (await store.latestAttempt(agentId, seq)) + 1)
        // A batch whose fate is not known is sent again as it was.
        unsent ??= { agentId, seq, turn, step, attempt, ...(repeated && { again: true }), batch: batches + 1, texts: joined(waiting.splice(0)).map((text, index) => ({ n: told + index + 1, ...text })) }
        await store.append(unsent)
        batches += 1
        told += unsent.texts.length
        unsent = undefined
      }
      const flush = async (): Promise<void> => {
        if (writing || !mayShow() || (batches > 0 && waiting.length === 0)) return
        writing = true
        const failed = await write().then(() => false, () => true)
        writing = false
        if (over && !failed) await flush()
      }
      const timer = setInterval(() => void flush(), batchMs)
      timer.unref()
      if (repeated) void flush()

      const take = (text: ShownText): void => {
        characters += text.text.length
        if (!over && characters <= mostCharacters) waiting.push(text)
      }
      return {
        onDelta: shownTexts({ mostCalls: limits.callsPerStep, isShown, onText: take }),
        end: () => {
          over = true
          clearInterval(timer)
          if (batches === 0 && !writing) waiting = []
          else void flush()
        },
      }
    },
    turnEnded: (agentId, turn) => {
      // The next turn may have begun when this is done.
      store.forgetTurns(agentId, turn).catch(() => undefined)
    },
  }
}

/** Pieces that belong together, as one. */
function joined(texts: readonly ShownText[]): readonly ShownText[] {
  const found: ShownText[] = []
  for (const text of texts) {
    const last = found.at(-1)
    if (last !== undefined && last.kind === text.kind && last.call === text.call) found[found.length - 1] = { ...last, text: last.text + text.text }
    else found.push(text)
  }
  return found
}
