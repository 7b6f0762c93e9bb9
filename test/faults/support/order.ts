/** An entry in the log of all senders of one agent. Of others than these two nothing is asked. */
export interface Sending {
  readonly what: 'sending' | 'accepted' | (string & {})
  readonly eventId: string
}

/**
 * Whoever sends a message after another one was accepted finds it behind that one. Histories can't tell the order where workflows are deleted, nor
 * of messages that are sent at the same time: a worker that takes over has the signals before the updates, and finds in the stores what was sent
 * before them. The senders can.
 */
export function outOfOrder(log: readonly Sending[], order: readonly string[]): string[] {
  const places = new Map(order.map((eventId, place) => [eventId, place]))
  const found: string[] = []
  const accepted = new Set<string>()
  let latest: string | undefined
  const place = (eventId: string | undefined): number => places.get(eventId ?? '') ?? -1
  for (const { what, eventId } of log) {
    if (what === 'sending' && places.has(eventId) && place(eventId) < place(latest)) found.push(`event ${eventId} was sent after ${latest ?? ''} had been accepted, and stands before it in recall`)
    if (what !== 'accepted' || accepted.has(eventId)) continue
    accepted.add(eventId)
    if (place(eventId) > place(latest)) latest = eventId
  }
  return found
}

/** Ids of the events in recall memory. */
export const eventsOf = (messages: readonly { readonly eventId?: string }[]): readonly string[] => messages.flatMap(({ eventId }) => eventId ?? [])
