import { batch, signal, type ReadonlySignal } from '@preact/signals'
import type { HttpClient, StoredMessage } from '../../../clients/typescript/src/index.ts'

/** A part of an agent's messages, without gaps. It grows at the end where one reads, and lets go of what is far from there. */
export interface LoadedMessages {
  /** Ascending. */
  readonly messages: ReadonlySignal<readonly StoredMessage[]>
  readonly atBeginning: ReadonlySignal<boolean>
  readonly atEnd: ReadonlySignal<boolean>
  /** The highest number that is known to be there, loaded or not. */
  readonly newest: ReadonlySignal<number>
  /** Loads the latest ones, of whichever agent has the name now. */
  begin(): Promise<void>
  /** One that has just been told of; it is loaded where the end is. */
  take(message: StoredMessage): void
  /** Loads what comes before. */
  older(): Promise<void>
  /** Loads what comes after. */
  newer(): Promise<void>
  /** Goes to the end; there it lets go of what is far above. */
  latest(): Promise<void>
  /** Goes to the first message. */
  first(): Promise<void>
  /** Goes to a turn, where it is not loaded; whether there is one. */
  reach(turn: number): Promise<boolean>
  /** Loads the rest of a turn of which a part is loaded, as far as so much is held. */
  whole(turn: number): Promise<void>
}

const pageSize = 60
/** So many messages are held while new ones come; one who reads further up has more. */
const held = { following: 300, reading: 600 }
/** So many pages are held at most. */
const mostPages = held.reading / pageSize
/** Messages before a turn that one goes to: what it follows. */
const around = 20

/** Whether there is more of the turn than what is loaded. */
export function isInPart(turn: number, { messages, atBeginning, atEnd }: Pick<LoadedMessages, 'messages' | 'atBeginning' | 'atEnd'>): boolean {
  const [first, last] = [messages.value[0], messages.value.at(-1)]
  return (first?.turn === turn && first.eventId === undefined && !atBeginning.value) || (last?.turn === turn && !atEnd.value)
}

export function loadMessages(client: HttpClient, agentId: string): LoadedMessages {
  const messages = signal<readonly StoredMessage[]>([])
  const atBeginning = signal(false)
  const atEnd = signal(true)
  const newest = signal(0)
  /** An answer about what is not loaded any more is not taken. */
  let place = 0
  let reading: Promise<void> | undefined

  const lastOf = (page: readonly StoredMessage[]): number => page.at(-1)?.seq ?? 0
  const after = (seq: number): Promise<readonly StoredMessage[]> => client.messages(agentId, { after: seq, limit: pageSize })
  const before = async (seq?: number): Promise<readonly StoredMessage[]> =>
    (await client.searchRecall(agentId, { order: 'newest', limit: pageSize, offset: 0, ...(seq !== undefined && { before: seq }) })).messages.toReversed()
  const isEnd = (page: readonly StoredMessage[]): boolean => page.length < pageSize && lastOf(page) >= newest.value
  /** One page after the other. */
  const read = (work: (current: () => boolean) => Promise<void>): Promise<void> => {
    const of = place
    return (reading ??= work(() => of === place).finally(() => (reading = undefined)))
  }
  const goTo = (page: readonly StoredMessage[], ends: { readonly beginning: boolean; readonly end: boolean }): void => {
    place += 1
    batch(() => {
      messages.value = page
      atBeginning.value = ends.beginning
      atEnd.value = ends.end
      newest.value = Math.max(newest.value, lastOf(page))
    })
  }

  const toEnd = async (): Promise<void> => {
    let page = await before()
    // What was told of while the answer was on its way is in the next one.
    for (let tries = 0; lastOf(page) < newest.value && tries < 5; tries += 1) page = await before()
    goTo(page, { beginning: page.length < pageSize, end: true })
  }
  const older = (): Promise<void> =>
    read(async (current) => {
      const [first] = messages.value
      if (first === undefined || atBeginning.value) return
      const page = await before(first.seq)
      if (!current()) return
      batch(() => {
        const all = [...page, ...messages.value]
        messages.value = all.slice(0, held.reading)
        if (all.length > held.reading) atEnd.value = false
        atBeginning.value = page.length < pageSize
      })
    })
  const newer = (): Promise<void> =>
    read(async (current) => {
      if (atEnd.value) return
      const page = await after(lastOf(messages.value))
      if (!current()) return
      batch(() => {
        const all = [...messages.value, ...page]
        messages.value = all.slice(-held.reading)
        if (all.length > held.reading) atBeginning.value = false
        atEnd.value = page.length < pageSize && lastOf(all) >= newest.value
      })
    })
  return {
    messages, atBeginning, atEnd, newest, older, newer,
    begin: () => {
      newest.value = 0
      return toEnd()
    },
    take: (message) => {
      const { seq } = message
      batch(() => {
        if (atEnd.value && seq > lastOf(messages.value)) messages.value = [...messages.value, message]
        newest.value = Math.max(newest.value, seq)
      })
    },
    latest: async () => {
      if (!atEnd.value) return toEnd()
      if (messages.value.length <= held.following) return
      batch(() => {
        messages.value = messages.value.slice(-held.following)
        atBeginning.value = false
      })
    },
    first: async () => {
      const page = await after(0)
      goTo(page, { beginning: true, end: isEnd(page) })
    },
    reach: async (turn) => {
      if (messages.value.some((message) => message.turn === turn)) return true
      const from = Math.max(0, (await beginningOf(turn, newest.value, after)) - around)
      const page = await after(from)
      if (!page.some((message) => message.turn === turn)) return false
      goTo(page, { beginning: from === 0, end: isEnd(page) })
      return true
    },
    whole: async (turn) => {
      const begins = (): boolean => messages.value[0]?.turn !== turn || messages.value[0].eventId !== undefined || atBeginning.value
      const ends = (): boolean => messages.value.at(-1)?.turn !== turn || atEnd.value
      for (let tries = 0; !begins() && messages.value.length < held.reading && tries < mostPages; tries += 1) await older()
      for (let tries = 0; !ends() && messages.value.length < held.reading && tries < mostPages; tries += 1) await newer()
    },
  }
}

/** The number before a turn's first message: turns ascend as messages do, so half of what is left is looked through each time. */
async function beginningOf(turn: number, newest: number, after: (seq: number) => Promise<readonly StoredMessage[]>): Promise<number> {
  let [low, high] = [0, newest]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const page = await after(middle)
    const found = page.findIndex((message) => message.turn >= turn)
    if (found > 0) return (page[found]?.seq ?? 1) - 1
    if (found === 0 || page.length === 0) high = middle
    else low = page.at(-1)?.seq ?? high
  }
  return low
}
