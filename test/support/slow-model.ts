import { setTimeout as sleep } from 'node:timers/promises'
import { deltasOf } from '../../src/model/deltas.ts'
import type { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel, ModelReply } from '../../src/model/model.ts'

export interface SlowReply {
  readonly thoughts?: string
  readonly message: string
  /** After so many deltas the model waits for this before it writes on. */
  readonly pauses?: { readonly after: number; readonly until: () => boolean }
  /** The model has written all that it is to write, and waits for this before it is done. */
  readonly until?: () => boolean
  /** After so many deltas the model fails with this. */
  readonly fails?: { readonly after: number; readonly error: ModelError }
}

/** A model that writes its replies delta by delta, with pauses. It is asked for one reply after the other; the last one stays. */
export function slowModel(replies: readonly SlowReply[], pauseMs = 30): ChatModel {
  let asked = 0
  return {
    async complete(_, signal, onDelta) {
      const given = replies[Math.min(asked, replies.length - 1)]
      asked += 1
      if (given === undefined) throw new Error('there are no replies')
      const written = JSON.stringify({ ...(given.thoughts !== undefined && { inner_thoughts: given.thoughts }), message: given.message })
      const reply: ModelReply = { text: '', finishReason: 'tool-calls', toolCalls: [{ id: `call-${asked}`, name: 'send_message', arguments: written }] }
      let told = 0
      for (const delta of deltasOf(reply)) {
        onDelta?.(delta)
        await sleep(pauseMs, undefined, { signal })
        if ((told += 1) === given.fails?.after) break
        while (told === given.pauses?.after && !given.pauses.until()) await sleep(pauseMs, undefined, { signal })
      }
      while (onDelta !== undefined && given.until?.() === false) await sleep(pauseMs, undefined, { signal })
      if (given.fails !== undefined) throw given.fails.error
      return reply
    },
  }
}
