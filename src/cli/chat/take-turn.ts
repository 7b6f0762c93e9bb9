import { randomUUID } from 'node:crypto'
import type { EventKind } from '../../protocol/events.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEnd } from '../../protocol/turn.ts'
import { replyLine, turnMessage } from '../render/turn-message.ts'
import { turnEnd } from '../render/turn-end.ts'
import { counted, oneLine } from '../render/text.ts'
import type { Chat } from './chat.ts'

export interface TurnRequest {
  readonly text: string
  readonly kind?: EventKind
  /** Of an event that was sent already: waits for its turn instead. */
  readonly eventId?: string
}

/** Sends an event, shows its turn as it is recorded, and says how it ended. */
export async function takeTurn(chat: Chat, { text, kind = 'user-message', eventId = randomUUID() }: TurnRequest): Promise<TurnEnd> {
  const { agentId, connection, console } = chat
  const { palette } = console
  let shownReplies = 0
  const onMessage = (message: StoredMessage): void => {
    const shown = turnMessage(message, { palette, agentId, thoughts: chat.thoughts, columns: console.columns })
    if (message.reply !== undefined) shownReplies += 1
    if (shown !== undefined) console.print(shown)
  }
  console.busy('thinking')
  try {
    const result = await connection.client.send(agentId, text, { eventId, kind, onMessage })
    // What is followed is best effort, the turn's own list is not: a turn that began before this process is there only.
    for (const reply of result.replyTexts.slice(shownReplies)) console.print(replyLine(reply, { palette, agentId }))
    const end = turnEnd(result, result.replyTexts.length, palette)
    if (end !== undefined) console.remark(end)
    if (result.end === 'parked' || result.end === 'stopped') chat.failed = true
    return result.end
  } finally {
    console.busy()
  }
}

/** Waits for the answers to what was accepted earlier: by a chat that ended, a process that was killed, an agent that was parked. */
export async function catchUp(chat: Chat): Promise<void> {
  const { agentId, connection, console } = chat
  const { running, mailbox } = await connection.client.state(agentId)
  const ids = [...(running === undefined ? [] : [running.eventId]), ...mailbox.map(({ eventId }) => eventId)]
  if (ids.length === 0) return
  console.remark(console.palette.dim(`${counted(ids.length, 'message')} from earlier ${ids.length === 1 ? 'is' : 'are'} still to be answered:`))
  for (const eventId of ids) {
    const body = await connection.stores.memory.events.get(agentId, eventId)
    // A signal may bring its text along; then there is no body here, and no answer to wait for either.
    if (body === undefined) continue
    if (body.kind === 'user-message') console.remark(console.palette.dim(`you> ${oneLine(body.text, console.columns - 6)}`))
    // Those after a parked one are parked with it.
    if ((await takeTurn(chat, { text: body.text, kind: body.kind, eventId })) === 'parked') return
  }
}
