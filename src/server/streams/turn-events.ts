import type { PerdureClient } from '../../client/client.ts'
import { generationOf } from '../../protocol/agent-key.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { isUpTo, placeOf, placeOfEvent, placeOfId } from '../../client/watch/place.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { ServerSent } from './server-sent.ts'

export interface OfAgent {
  /** The id of an event that was told. */
  readonly after: string | undefined
  /** Where nothing was told: from the beginning of this event's turn. */
  readonly event?: string
  readonly leave: AbortSignal
}

/**
 * All that happens to an agent after an event's id, from the turn of an event, or from now on. Without such an id the place where it begins
 * comes first, so that whoever is cut off before the first event loses none.
 * @throws PerdureError before anything is told: `agent-unknown`, `agent-archived` where nothing is left to be told, and as `watch`
 */
export async function agentEvents(client: Pick<PerdureClient, 'get' | 'watch'>, agent: string, { after, event, leave }: OfAgent): Promise<AsyncIterable<ServerSent>> {
  let onBegun: (id: string) => void = () => undefined
  const begun = new Promise<string>((resolve) => (onBegun = resolve))
  const watched = client.watch(agent, { ...(after !== undefined ? { after } : event !== undefined && { event }), signal: leave, onBegun: (id) => onBegun(id) })
  const first = watched.next()
  first.catch(() => undefined)
  // A reader that comes again would find the end of it again and again.
  const archived = (await client.get(agent))?.archivedAt !== undefined
  if (archived) await first
  // Before the answer: whoever has it, and sends a message, hears of that message's turn; and whoever can't be told anything has an error for it.
  const began = await Promise.race([begun, first.then(() => undefined)])
  const id = after === undefined ? began : undefined
  return (async function* () {
    if (id !== undefined) yield { id }
    const earliest = await first
    if (earliest.done === true) return
    yield* serverSentOf([earliest.value])
    yield* serverSentOf(watched)
  })()
}

/**
 * A message that is sent again to go on with its turn is for the agent that was told of it, and for no later one of its name.
 * @throws PerdureError `agent-unknown`, `invalid-argument`
 */
export async function assertSameAgent(client: Pick<PerdureClient, 'get'>, agent: string, lastEventId: string): Promise<void> {
  const { generation } = placeOf(placeOfId(lastEventId))
  const present = await client.get(agent)
  if (present === undefined || generation === undefined || generationOf(present.key) === generation) return
  throw new PerdureError('agent-unknown', `agent ${JSON.stringify(agent)} was deleted; the present one of that name is another`)
}

export interface OfTurn {
  readonly eventId: string
  /** `parked`: to the end of the turn, or until the agent parks. `end`: through every park. */
  readonly until: 'parked' | 'end'
  /** Leaves out what comes up to this id. */
  readonly after: string | undefined
}

/** What happens in the turn of one event, and what keeps it from beginning. */
export async function* eventsOfTurn(watched: AsyncIterable<TurnEvent>, { eventId, until, after }: OfTurn): AsyncIterable<TurnEvent> {
  const from = after === undefined ? undefined : placeOf(after)
  let own: number | undefined
  for await (const event of watched) {
    if (event.type === 'turn' && event.event.id === eventId) own = event.turn
    if ('eventId' in event && event.eventId === eventId) own = event.turn
    const standsStill = event.type === 'parked' || event.type === 'waiting'
    const mine = 'turn' in event && event.turn === own
    if ((mine || (own === undefined && standsStill)) && (from === undefined || !isUpTo(placeOfEvent(event), from))) yield event
    if (mine && event.type === 'end') return
    if ((mine || own === undefined) && event.type === 'parked' && until === 'parked') return
  }
}

export async function* serverSentOf(events: AsyncIterable<TurnEvent> | Iterable<TurnEvent>): AsyncIterable<ServerSent> {
  for await (const event of events) yield { id: event.id, event: event.type, data: event }
}
