import type { OpenAgent } from '../live/open-agent.ts'
import type { Outbox } from '../live/outbox.ts'
import { LongText } from '../parts/long-text.tsx'
import { offline } from '../shell/server.ts'

/** What was written and has not begun its turn: what waits in the mailbox, in its order, and what nobody has confirmed. */
export function Outgoing({ agent, outbox }: { readonly agent: OpenAgent; readonly outbox: Outbox }) {
  const { mailbox, standing } = agent.conversation
  const own = outbox.outgoing.value
  const others = mailbox.value.filter(({ eventId }) => !own.some((one) => one.eventId === eventId))
  const place = (eventId: string): number => mailbox.value.findIndex((one) => one.eventId === eventId) + 1
  const busy = standing.value.status === 'running' || standing.value.status === 'parked'
  return (
    <>
      {others.map(({ eventId, kind, bytes }) => (
        <p key={eventId} class="remark">
          Waits: {kind === 'user-message' ? 'a message' : kind} of {bytes.toLocaleString('en')} bytes, sent elsewhere
        </p>
      ))}
      {own.map(({ eventId, text, state, why, again }) => (
        <div key={eventId} class={`question outgoing ${state}`} role="group" aria-label="You say">
          <LongText text={text} />
          <span class="when">
            {state === 'sending' && (offline.value ? 'kept until there is a network' : 'being sent…')}
            {state === 'accepted' && (busy && place(eventId) > 0 ? `waits, number ${place(eventId)} in the queue` : 'sent')}
            {state === 'unsent' && (
              <>
                <span class="bad">
                  Not confirmed: {why}
                  {again === true && ' It is sent again by itself, and never twice.'}
                </span>
                <button type="button" onClick={() => outbox.retry(eventId)}>
                  Send again
                </button>
                <button type="button" class="quiet" onClick={() => outbox.discard(eventId)}>
                  Discard
                </button>
              </>
            )}
          </span>
        </div>
      ))}
    </>
  )
}
