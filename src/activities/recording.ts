import type { InferenceInput } from '../protocol/activities.ts'
import type { PendingRecord } from '../protocol/context.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { SeqRange } from '../protocol/seq-ranges.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { newMessage, opOfRecord, recordedAs, type Place, type ReadRecord, type Recorded } from './record.ts'

/** How long the model may take before what is new is recorded by itself, so that whoever watches sees that the turn has begun. Milliseconds. */
const byItselfAfterMs = 50

/** What is new in a step, on its way into recall memory while the model is asked. */
export interface Recording {
  /** As the stores have it, or will have it; up to the first that another turn has handled, as what would come after that is not to be recorded. */
  readonly news: readonly Recorded[]
  /** Whether nothing is left to record. What a model writes is not to be seen before what it answers. */
  isDone(): boolean
  /** From now on what is new is recorded by itself, unless the step comes soon. */
  begin(): void
  /** Records what is left, where no step comes with it. */
  finish(): Promise<void>
  /** Begins no more writes, and waits for the one that is on its way: whoever has ended the attempt records what is new, or does not want it. */
  stop(): Promise<void>
  /** Stores the step, and before it what is left, in one write where that can be. May be repeated. `handled`: meanwhile another turn has handled that event, and no step is stored. */
  finishWith(step: StoredMessage): Promise<{ readonly step: StoredMessage } | { readonly handled: StoredMessage }>
}

/** What a step would meet in the stores: its message, and those that are new in it, or that hold their numbers. */
export function heldByStep({ messages }: Pick<MemoryStore, 'messages'>, { agentId, op, record: pending }: InferenceInput): Promise<readonly StoredMessage[]> {
  const numbers = rangeOf(pending)
  return messages.holding(agentId, { ops: [op, ...pending.map((entry) => opOfRecord(agentId, entry))], ...(numbers && { numbers }) })
}

/**
 * Most models take seconds, and then what is new is recorded beside the call. Of a model that answers at once it is stored with the answer: a commit less
 * that the turn waits for. Where another message holds a number, all is recorded before the model is asked, as it will be refused.
 * @param options.held what `heldByStep` has read
 * @param options.byItself told that all was recorded before the model had answered
 */
export async function recordingOf(
  { messages }: Pick<MemoryStore, 'messages'>,
  options: { readonly place: Place; readonly toRecord: readonly ReadRecord[]; readonly held: readonly StoredMessage[]; readonly byItself: () => void },
): Promise<Recording> {
  const { place, toRecord, held, byItself } = options
  const stored = new Map(held.map((message) => [message.op, message]))
  const made = toRecord.map((read) => newMessage(place, read))
  let news = upToOtherTurn(made.map((message) => recordedAs(place, stored.get(message.op) ?? message)))
  let left = news.map(({ message }) => message).filter(({ op }) => !stored.has(op))
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<unknown> = Promise.resolve()
  let stopped = false

  const singly = async (): Promise<void> => {
    for (const message of left) {
      if (stopped) return
      const entry = recordedAs(place, await messages.insert(message))
      news = upToOtherTurn(news.map((known) => (known.message.op === message.op ? entry : known)))
      if (entry.otherTurn !== undefined) break
    }
    left = []
  }
  /** One write at a time, whether the one before it has failed or not. */
  const inTurn = <Result>(write: () => Promise<Result>): Promise<Result> => {
    clearTimeout(timer)
    const result = writing.then(write)
    writing = result.catch(() => undefined)
    return result
  }

  const recording: Recording = {
    get news() {
      return news
    },
    isDone: () => left.length === 0,
    begin: () => {
      // Where it fails, whoever finishes tries it again, and is told why it can't be.
      if (left.length > 0) timer = setTimeout(() => void inTurn(singly).then(byItself, () => undefined), byItselfAfterMs)
    },
    finish: () => inTurn(singly),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await writing
    },
    finishWith: (step) =>
      inTurn(async () => {
        if (left.length > 0 && (await messages.insertTogether([...left, step]))) {
          left = []
          return { step }
        }
        await singly()
        const handled = otherTurnOf(news)
        return handled === undefined ? { step: await messages.insert(step) } : { handled }
      }),
  }
  const numbers = new Set(left.map(({ seq }) => seq))
  const ops = new Set(made.map(({ op }) => op))
  if (held.some(({ seq, op }) => numbers.has(seq) && !ops.has(op))) await recording.finish()
  return recording
}

/** Of an event that another turn has handled: its message. */
export const otherTurnOf = (news: readonly Recorded[]): StoredMessage | undefined => news.find(({ otherTurn }) => otherTurn !== undefined)?.message

function upToOtherTurn(news: readonly Recorded[]): readonly Recorded[] {
  const last = news.findIndex(({ otherTurn }) => otherTurn !== undefined)
  return last === -1 ? news : news.slice(0, last + 1)
}

function rangeOf(pending: readonly PendingRecord[]): SeqRange | undefined {
  const numbers = pending.map(({ seq }) => seq)
  return numbers.length === 0 ? undefined : [Math.min(...numbers), Math.max(...numbers)]
}
