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
        {chosen !== undefined && ofChosen.length > 0 && <TurnTimeline agent={agent} turn={chosen} messages={ofChosen} inPart={isInPart(chosen, conversation)} before={promptBefore(messages.value, chosen)} imported={turns.value.find(({ turn }) => turn === chosen)?.imported === true} />}
        {missing.value && <p class="muted">There is no turn {named}.</p>}
        <section aria-label="Turns">
          <h2>Turns</h2>
          <div class="scrolls" tabIndex={0} role="region" aria-label="Turns, as a table">
            <table>
              <thead>
                <tr>
                  {['Turn', 'Began', 'By', 'Steps', 'Tokens in', 'Out', 'Cost', 'Model', 'End'].map((name) => (
                    <th key={name} scope="col" class={figureColumns.has(name) ? 'to-right' : undefined}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {turns.value.toReversed().map((one) => {
                  const { turn, event, figures, imported } = one
                  // Of a turn that begins before what is loaded, or ends after it, there is more.
                  const atLeast = event === undefined || isInPart(turn, conversation) ? 'at least ' : ''
                  return (
                    <tr key={turn} aria-current={turn === chosen ? 'true' : undefined}>
                      <th scope="row">
                        <Link to={{ agent: id, view: 'time', rest: [String(turn)] }}>{turn}</Link>
                      </th>
                      <td>{event !== undefined && <Time at={event.at} />}</td>
                      <td dir="auto">{event !== undefined && shown(cut(event.kind === 'user-message' ? event.text : `${event.kind ?? ''} ${event.text}`, 60))}</td>
                      {imported ? <Unknown cells={5} /> : (
                        <>
                          <td class="to-right">{atLeast}{figures.steps}</td>
                          <td class="to-right">
                            {atLeast}{shortNumber(figures.promptTokens)}
                            {figures.cachedTokens > 0 && ` (${shortNumber(figures.cachedTokens)} cached)`}
                          </td>
                          <td class="to-right">{atLeast}{shortNumber(figures.completionTokens)}</td>
                          <td class="to-right">{costText(figures) ?? '–'}</td>
                          <td class="to-right">{durationText(figures.latencyMs ?? 0)}</td>
                        </>
                      )}
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

const figureColumns: ReadonlySet<string> = new Set(['Steps', 'Tokens in', 'Out', 'Cost', 'Model'])

/** Nobody has measured it, which is not 0. */
const Unknown = ({ cells }: { readonly cells: number }) => <>{Array.from({ length: cells }, (_, index) => <td key={index} class="to-right">–</td>)}</>

/** Of a turn that has ended by an answer nothing else is told. */
function endText({ turn, answered, imported }: Turn, end: TurnEnded | undefined, standing: Standing): string {
  if (end !== undefined) return end.reason === undefined ? end.end : `${end.end} (${end.reason})`
  if (imported) return 'imported'
  const runs = 'turn' in standing && standing.turn === turn
  return answered && !runs ? 'completed' : ''
}
