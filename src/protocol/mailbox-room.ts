import type { IncomingEvent } from './events.ts'
import { jsonBytes } from './json-bytes.ts'
import { limits } from './limits.ts'
import type { QueuedEvent } from './state.ts'

/** Bytes of an entry in the carried state, without its id, text and timer, and of its word of tools. */
const frameBytes = 96
const toolsBytes = 14
/** The most bytes that an event's timer takes in the carried state. */
const firingBytes = 400

/** Counted once for each event: each that comes asks for the sum of all that wait. */
const counted = new WeakMap<IncomingEvent, number>()

function bytesOf(event: IncomingEvent): number {
  const { id, text, timer, tools } = event
  const bytes = counted.get(event) ?? frameBytes + jsonBytes(id) + (text === undefined ? 0 : jsonBytes(text)) + (timer === undefined ? 0 : firingBytes) + (tools ? toolsBytes : 0)
  counted.set(event, bytes)
  return bytes
}

/** Says of one event after the other whether there is room for it in a mailbox beside what waits there, and beside those for which there was. */
export function roomIn(mailbox: readonly QueuedEvent[]): (event: IncomingEvent) => boolean {
  let count = mailbox.length
  let bytes = mailbox.reduce((sum, { event }) => sum + bytesOf(event), 0)
  return (event) => {
    const more = bytesOf(event)
    if (count >= limits.mailboxEvents || bytes + more > limits.mailboxBytes) return false
    count += 1
    bytes += more
    return true
  }
}
