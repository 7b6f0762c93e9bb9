import { useComputed } from '@preact/signals'
import type { OpenAgent } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { Approval } from './approval.tsx'
import { useKeptKeyboard } from './kept-keyboard.ts'
import { useTelling } from './telling.ts'
import { useEscape } from './use-escape.ts'

/** What the agent does now, or stands still for, and what a person can do about it. */
export function Stand({ agent }: { readonly agent: OpenAgent }) {
  const { client, id, conversation } = agent
  const { problem, tell } = useTelling(agent)
  const standing = conversation.standing.value
  const cancel = (turn: number) => () => void tell(() => client.cancel(id, { turn }))
  useEscape(standing.status === 'running' ? cancel(standing.turn) : undefined)
  const resume = () => void tell(() => client.resume(id))
  const calls = conversation.calls.value
  const heldUp = conversation.heldUp.value
  useKeptKeyboard([standing.status, ...calls.map(({ op }) => op)].join(' '))
  // Not each piece of what is written.
  const writes = useComputed(() => conversation.live.value !== undefined)
  return (
    <>
      {problem.value !== undefined && <Problem error={problem.value} />}
      {calls.map((call) => (
        <Approval key={call.op} agent={agent} call={call} />
      ))}
      {standing.status === 'parked' && (
        <div class="stand parked">
          {calls.length > 0 ? (
            <p>The turn goes on when that is answered.</p>
          ) : (
            <p>
              <strong>Parked ({standing.parked.reason ?? 'unknown'})</strong> {shown(standing.parked.detail ?? '')}{' '}
              {standing.parked.retryAt !== undefined && (
                <span>
                  Tries again by itself <Time at={standing.parked.retryAt} relative />.
                </span>
              )}
              {heldUp !== undefined && <span>{shown(heldUp)}</span>}
            </p>
          )}
          {calls.length === 0 && (
            <button type="button" onClick={resume}>
              Resume
            </button>
          )}
          <button type="button" class="quiet" onClick={cancel(standing.turn)}>
            Give it up
          </button>
        </div>
      )}
      {standing.status === 'running' && (
        <div class="stand running">
          <p class="muted">
            <span class="pulse" aria-hidden="true" /> {heldUp === undefined ? (writes.value ? 'writes' : 'at work') : shown(heldUp)}
          </p>
          <button type="button" class="quiet" onClick={cancel(standing.turn)}>
            Cancel <kbd>Esc</kbd>
          </button>
        </div>
      )}
      {standing.status === 'archived' && <p class="stand muted">This agent is archived: its memory is kept, and it takes no messages.</p>}
      {standing.status === 'gone' && <p class="stand muted">There is no agent of this name: it was deleted, or never made.</p>}
    </>
  )
}
