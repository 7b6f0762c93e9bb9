import { ModelError } from '../model/model-error.ts'

/** The least room that a reply needs; a prompt that leaves less is too large. */
const leastReplyTokens = 200
const mostReplyTokens = 8_192
/** A prompt's count is an estimate, and many endpoints refuse a reply's room that is one token too large: so much stays free beside it. */
const marginShare = 0.03
const leastMargin = 64

export interface RoomOptions {
  /** Tokens of prompt and reply together. */
  readonly window: number
  /** Of the prompt, as the endpoint counts, so far as that is known. */
  readonly promptTokens: number
  /** What the definition allows a reply, or else the model's settings. */
  readonly most?: number | undefined
}

/** Tokens that a reply may be asked for; undefined where the prompt leaves too few. */
export function replyRoom({ window, promptTokens, most = mostReplyTokens }: RoomOptions): number | undefined {
  const counted = Math.ceil(promptTokens)
  const left = window - counted
  if (left < leastReplyTokens) return undefined
  const margin = Math.max(leastMargin, Math.ceil(counted * marginShare))
  return Math.min(most, Math.max(leastReplyTokens, left - margin))
}

/** Enough to halve the largest room down to the least. */
const mostTries = 6

/**
 * Asks with this room for the reply. Where the refusal shows that the prompt may fit, and only the room was too large, it asks again with
 * less: by what the refusal names, else half. So nothing is evicted for a wrong count, and the reply's report mends the count. A window that
 * is smaller than ours is not gone by here: the workflow has to know it.
 * @throws ModelError of the last refusal
 */
export async function askWithin<Answer>(room: number, options: RoomOptions, ask: (maxOutputTokens: number) => Promise<Answer>): Promise<Answer> {
  let asked = room
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(asked)
    } catch (error) {
      const smaller = smallerRoom(error, asked, options)
      if (smaller === undefined || smaller >= asked || tries === mostTries) throw error
      asked = smaller
    }
  }
}

function smallerRoom(error: unknown, room: number, options: RoomOptions): number | undefined {
  if (!ModelError.isInstance(error) || error.kind !== 'context-overflow') return undefined
  const { window, promptTokens, requestTokens } = error.limits ?? {}
  if (requestTokens !== undefined) return replyRoom({ ...options, window: Math.min(options.window, requestTokens), promptTokens: promptTokens ?? options.promptTokens })
  if (window !== undefined && window < options.window) return undefined
  if (promptTokens !== undefined) return replyRoom({ ...options, promptTokens })
  // It names what we know, and not by how much the prompt was counted too short.
  const half = Math.floor(room / 2)
  return window !== undefined && half >= leastReplyTokens ? half : undefined
}
