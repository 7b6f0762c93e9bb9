import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientToolDefinition } from '../../protocol/definition.ts'
import type { EventKind } from '../../protocol/events.ts'
import type { TurnEnd } from '../../protocol/turn.ts'
import { parkedText } from '../output/turn-end.ts'
import type { Chat } from './chat.ts'
import { confirming, prepare } from './say.ts'
import { showWaiting } from './show-waiting.ts'

/** Once the turn is over, how long the screen is waited for: what a store that is away then would tell is told by nobody. */
const tellingMs = 5_000

interface EventToTake {
  readonly text: string
  readonly kind?: EventKind
  readonly eventId?: string
  /** A program has sent it with these: without them it would be another message. */
  readonly clientTools?: readonly ClientToolDefinition[]
}

/** Sends an event, or finds it sent, and waits until its turn has ended or stands still, and all of it is shown. */
export async function takeTurn(chat: Chat, { text, kind = 'user-message', eventId: given, clientTools }: EventToTake): Promise<TurnEnd> {
  const { agentId, connection, console, mail } = chat
  const { eventId } = prepare(chat, { text, kind, ...(given !== undefined && { eventId: given }) })
  const result = await confirming(chat, eventId, () => connection.client.send(agentId, text, { eventId, kind, ...(clientTools && { clientTools }) }))
  if (result.end === 'parked' && result.turn === 0) {
    console.remark(console.palette.dim('  Your message is kept, and has its turn after the one that waits:'))
    if (!(await showWaiting(chat))) console.remark(console.palette.yellow(parkedText(result.reason, result.detail)))
  } else await Promise.race([mail.standingOf(eventId), sleep(tellingMs, undefined, { ref: false })])
  if ((result.end === 'parked' && result.waiting === undefined) || result.end === 'stopped') chat.failed = true
  return result.end
}
