import './time.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { costText, shortNumber } from '../parts/figures.tsx'
import { cut, shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import type { Standing, TurnEnded } from '../live/conversation.ts'
import { isInPart } from '../live/loaded-messages.ts'
import type { Turn } from '../live/turns.ts'
import { numberIn } from '../shell/address.ts'
import { Link } from '../shell/link.tsx'
import { useKeptScroll } from '../shell/stood-at.ts'
import { BlockChanges } from './block-changes.tsx'
import { durationText, promptBefore } from './timeline.ts'
import { Timers } from './timers.tsx'
import { TurnTimeline } from './turn-timeline.tsx'
import { WorkflowLink } from './workflow-link.tsx'

/** The turns as a table, and one of them as a timeline: `/time`, `/time/TURN`. */
export function TimeView({ agent, rest }: ViewProps) {
  const { id, conversation } = agent
  const box = useKeptScroll<HTMLDivElement>()
  const { turns, messages, ends, standing, atBeginning, atEnd, loaded } = conversation
  const named = numberIn(rest[0])
  const chosen = named ?? turns.value.at(-1)?.turn
  const missing = useSignal(false)
  useEffect(() => {
    missing.value = false
    if (named !== undefined && loaded.value) void conversation.reach(named).then((found) => (missing.value = !found))
  }, [named, loaded.value])
  const there = messages.value.some(({ turn }) => turn === chosen)
  useEffect(() => {
    if (chosen !== undefined && there) void conversation.whole(chosen)
  }, [chosen, there])
  const ofChosen = messages.value.filter(({ turn }) => turn === chosen)
  return (
    <div class="sheet time" ref={box}>
      <div class="column">
        {loaded.value && turns.value.length === 0 && <p class="muted">The agent has had no turn yet.</p>}
        {chosen !== undefined && ofChosen.length > 0 && <TurnTimeline agent={agent} turn={chosen} messages={ofChosen} inPart={isInPart(chosen, conversation)} before={promptBefore(messages.value, chosen)} />}
        {missing.value && <p class="muted">There is no turn {named}.</p>}
        <section aria-label="Turns">
          <h2>Turns</h2>
          <div class="scrolls" tabIndex={0} role="region" aria-label="Turns, as a table">
            <table>
              <thead>
                <tr>
                  {['Turn', 'Began', 'By', 'Steps', 'Tokens in', 'Out', 'Cost', 'Model', 'End'].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {turns.value.toReversed().map((one) => {
                  const { turn, event, figures } = one
                  // Of a turn that begins before what is loaded, or ends after it, there is more.
                  const atLeast = event === undefined || isInPart(turn, conversation) ? 'at least ' : ''
                  return (
                    <tr key={turn} aria-current={turn === chosen ? 'true' : undefined}>
                      <th scope="row">
                        <Link to={{ agent: id, view: 'time', rest: [String(turn)] }}>{turn}</Link>
                      </th>
                      <td>{event !== undefined && <Time at={event.at} />}</td>
                      <td dir="auto">{event !== undefined && shown(cut(event.kind === 'user-message' ? event.text : `${event.kind ?? ''} ${event.text}`, 60))}</td>
                      <td>{atLeast}{figures.steps}</td>
                      <td>
                        {atLeast}{shortNumber(figures.promptTokens)}
                        {figures.cachedTokens > 0 && ` (${shortNumber(figures.cachedTokens)} cached)`}
                      </td>
                      <td>{atLeast}{shortNumber(figures.completionTokens)}</td>
                      <td>{costText(figures) ?? '–'}</td>
                      <td>{durationText(figures.latencyMs ?? 0)}</td>
                      <td>{endText(one, ends.value.get(turn), standing.value)}</td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
          {loaded.value && (
            <p class="buttons">
              {!atBeginning.value && (
                <button type="button" onClick={() => void conversation.older()}>
                  Earlier turns
                </button>
              )}
              {!atEnd.value && (
                <button type="button" onClick={() => void conversation.newer()}>
                  Later turns
                </button>
              )}
            </p>
          )}
        </section>
        <BlockChanges agent={agent} />
        <Timers agent={agent} />
        <WorkflowLink agent={agent} />
      </div>
    </div>
  )
}

/** Of a turn that has ended by an answer nothing else is told. What was imported has no turns of its own. */
function endText({ turn, event, answered }: Turn, end: TurnEnded | undefined, standing: Standing): string {
  if (end !== undefined) return end.reason === undefined ? end.end : `${end.end} (${end.reason})`
  const runs = 'turn' in standing && standing.turn === turn
  return answered && !runs && event?.eventId?.startsWith('import-') !== true ? 'completed' : ''
}
