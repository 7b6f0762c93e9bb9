import type { TurnEvent } from '../../src/protocol/turn-event.ts'

/** The events from now on, to the end of a turn; then it leaves. */
export async function toItsEnd(events: AsyncIterable<TurnEvent>): Promise<readonly TurnEvent[]> {
  const heard: TurnEvent[] = []
  for await (const event of events) {
    heard.push(event)
    if (event.type === 'end') break
  }
  return heard
}
