import type { Accepted, SendOptions, TurnEvent } from '../../../../src/index.ts'
import { PerdureError } from '../errors.ts'
import { messagesOf } from '../messages.ts'
import type { MethodsOf } from '../methods-of.ts'
import { newId } from '../new-id.ts'
import { agent, path } from '../path.ts'
import type { Asking, Requests } from '../requests.ts'
import { resumed } from './resumed.ts'
import type { ServerSent } from './server-sent.ts'

export type StreamOptions = Pick<SendOptions, 'eventId' | 'kind' | 'clientTools' | 'until' | 'signal' | 'onAccepted'>

export interface StreamMethods extends MethodsOf<'watch'> {
  /**
   * Sends an event and tells what happens in its turn, to its end, or until the agent parks (`until`): `post` and `watch` in one request, for
   * which a key with `messages` is enough; without `memory:read` it is told of replies, and not of thoughts, calls and results. The same
   * again under the same `eventId` tells the same turn from its beginning. Goes on by itself where it is cut off.
   * @throws PerdureError while one iterates: as `post`, `agent-unknown`, `agent-archived`
   */
  stream(agentId: string, text: string, options?: StreamOptions): AsyncIterableIterator<TurnEvent>
}

const eventOf = ({ event, data }: ServerSent): TurnEvent | undefined =>
  data === '' || event === 'bye' || event === 'accepted' ? undefined : (JSON.parse(data) as TurnEvent)

/** How long a message may take to be accepted, and some. */
const tryMs = 90_000
/** Once somebody has answered, a server that is away is waited for as long as it takes. */
const stream = (again: boolean): Pick<Asking, 'tryMs' | 'throughAway' | 'patienceMs'> => ({ tryMs, throughAway: true, ...(again && { patienceMs: Infinity }) })

export function streamMethods({ open, before }: Requests): StreamMethods {
  return {
    watch: (agentId, { after, event, signal, onBegun } = {}) => {
      let begin: (id: string | undefined) => void = () => undefined
      const begun = new Promise<string | undefined>((resolve) => (begin = resolve))
      void begun.then((id) => (id === undefined ? undefined : onBegun?.(id)))
      before(begun)
      let resuming = false
      return resumed({
        signal,
        eventOf: (sent) => {
          const told = eventOf(sent)
          if (told?.type === 'replaced' && resuming) throw ofAnother(agentId)
          return told
        },
        isLast: () => false,
        onPlace: begin,
        onOver: () => begin(undefined),
        open: async ({ lastEventId, again, signal: leave }) => {
          resuming = lastEventId !== undefined
          const place = lastEventId === undefined ? (typeof after === 'number' ? `~${after}` : after) : ofFirst(lastEventId)
          const query = { event: lastEventId === undefined ? event : undefined, after: place }
          const headers = { accept: 'text/event-stream' }
          try {
            const response = await open({ method: 'GET', path: path`/agents/${agent(agentId)}/events`, query, headers, signal: leave, ...stream(again) })
            if (place !== undefined) begin(place)
            return response
          } catch (error) {
            throw resuming && PerdureError.isInstance(error) && error.code === 'invalid-argument' ? ofAnother(agentId, error) : error
          }
        },
      })
    },
    stream: (agentId, text, { eventId = newId(), kind, clientTools, until = 'parked', signal, onAccepted } = {}) => {
      let accepted = false
      return resumed({
        signal,
        eventOf: (sent) => {
          if (sent.event !== 'accepted' || accepted) return eventOf(sent)
          accepted = true
          onAccepted?.(JSON.parse(sent.data) as Accepted)
          return undefined
        },
        isLast: ({ type }) => type === 'end' || (type === 'parked' && until === 'parked'),
        onPlace: () => undefined,
        onOver: () => undefined,
        open: ({ lastEventId, again, signal: leave }) =>
          open({
            method: 'POST',
            path: messagesOf(agentId),
            query: { until },
            body: { text, kind, clientTools },
            idempotencyKey: eventId,
            headers: { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
            signal: leave,
            ...(again ? stream(again) : { tryMs }),
          }),
      })
    },
  }
}

/** One that was watched, and is no more, is not the one that has its name now. */
const ofAnother = (agentId: string, cause?: unknown): PerdureError =>
  new PerdureError('agent-unknown', `agent ${JSON.stringify(agentId)} was deleted; the present one of that name is another`, { cause })

/** An id that was told is of one agent: `0`, as a place, would be where each begins. */
const ofFirst = (id: string): string => (id === '0' ? '1~0' : id)
