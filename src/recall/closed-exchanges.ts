import type { StoredMessage } from '../protocol/messages.ts'
import { split } from '../protocol/split-text.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import type { ExchangePlace } from '../stores/exchanges.ts'
import type { MessageStore } from '../stores/messages.ts'

/** An exchange as it is embedded; of one that is long, one of the pieces of some messages each. */
export interface ClosedExchange extends ExchangePlace {
  /** ISO 8601: when its first message came. */
  readonly at: string
  /** What is embedded of it: one text, or several where one message is long. */
  readonly texts: readonly string[]
}

/** Messages that are read at once. */
const pageSize = 200

/** Models look at the beginning of a long text only, or refuse it: the least of them takes 512 tokens. */
const textCharacters = 1_500

/** So much of what was said last before an exchange is embedded with it: an answer seldom repeats the words of the question. */
const overlapCharacters = 400

interface Said {
  readonly seq: number
  readonly at: string
  readonly words: string
}

/**
 * The exchanges of an agent that are behind `after`, and begin at or before the sequence number `left`, by ascending numbers. The last one of
 * the conversation is none of them: it goes on. A later call that is given the last of these finds those that follow, each once.
 */
export async function* closedExchanges(messages: MessageStore, agentId: string, { after, left }: { readonly after: ExchangePlace | undefined; readonly left: number }): AsyncIterable<ClosedExchange> {
  let before: Said | undefined
  let open: Said[] = []
  // From the exchange before on, of which the overlap is.
  for (let read = (after?.first ?? 1) - 1; ; ) {
    const page = await messages.after(agentId, read, pageSize)
    for (const message of page) {
      read = message.seq
      if (message.eventId !== undefined) {
        for (const closed of piecesOf(open, before)) if (closed.first > (after?.last ?? 0)) yield closed
        if (message.seq > left) return
        before = open.at(-1) ?? before
        open = []
      }
      const words = wordsOf(message)
      if (words !== undefined) open.push({ seq: message.seq, at: message.at, words })
    }
    if (page.length < pageSize) return
  }
}

/** Thoughts, calls and the results of other tools are no part of a conversation. */
function wordsOf({ eventId, kind, reply, text }: StoredMessage): string | undefined {
  const words = (reply ?? (eventId === undefined ? '' : text)).trim()
  const speaker = reply !== undefined ? 'agent' : kind === undefined || kind === 'user-message' ? 'user' : kind
  return words === '' ? undefined : `${speaker}: ${words}`
}

/** As many messages in each as fit, the first of a piece in any case. */
function piecesOf(said: readonly Said[], before: Said | undefined): readonly ClosedExchange[] {
  const pieces: Said[][] = []
  let characters = Infinity
  for (const one of said) {
    if (characters + one.words.length > textCharacters) {
      pieces.push([])
      characters = 0
    }
    pieces.at(-1)?.push(one)
    characters += one.words.length + 1
  }
  return pieces.map((piece, index) => closedOf(piece, pieces[index - 1]?.at(-1) ?? before))
}

/** The day stands before each text, and what was said before is before the first of them. */
function closedOf(piece: readonly Said[], before: Said | undefined): ClosedExchange {
  const { at = '', seq: first = 0 } = piece[0] ?? {}
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const overlap = before === undefined ? [] : [beginningOf(before.words, overlapCharacters)]
  const texts = split(piece.map(({ words }) => words).join('\n'), textCharacters).map((text, index) => [day, ...(index === 0 ? overlap : []), text].join('\n'))
  return { first, last: piece.at(-1)?.seq ?? first, at, texts }
}
