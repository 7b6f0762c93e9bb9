import type { ComponentChildren } from 'preact'
import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { numberIn, visit } from '../shell/address.ts'
import { standsAt, stoodAt, type StoodAt } from '../shell/stood-at.ts'
import { useKeptPlace } from './keeps-place.ts'
import { LiveStepView } from './live-step-view.tsx'
import { TurnView } from './turn-view.tsx'

/** So near to the end of what is loaded one wants what is beyond it. */
const nearEdge = 800

interface ScrollerProps {
  readonly agent: OpenAgent
  /** To be shown, where the address names it. */
  readonly turn: number | undefined
  /** Raised when somebody has written here. */
  readonly written: number
  readonly children: ComponentChildren
}

/** The conversation. Whoever stands at its end stays there as it grows; whoever reads further up stays where he reads. */
export function Scroller({ agent, turn, written, children }: ScrollerProps) {
  const { conversation } = agent
  const { turns, ends, atBeginning, atEnd, newest, loaded, standing } = conversation
  const { box, content, stays, toEnd, seesEnd, scrolled, standing: standsNow, show } = useKeptPlace(() => measure())
  /** Whether the end is out of sight. */
  const away = useSignal(false)
  /** The number of the last message that was there when somebody saw the end. */
  const seen = useSignal(0)
  const missing = useSignal(false)

  const measure = (): void => {
    away.value = !stays.current && !seesEnd()
    if (!away.value && atEnd.value) seen.value = newest.value
  }
  const look = (): void => {
    const { current } = box
    if (current === null || !loaded.value) return
    scrolled(atEnd.value)
    standsAt(standsNow())
    measure()
    if (current.scrollTop < nearEdge && !atBeginning.value) void conversation.older()
    if (current.scrollHeight - current.scrollTop - current.clientHeight < nearEdge && !atEnd.value) void conversation.newer()
  }
  useEffect(() => {
    if (!stays.current) return
    seen.value = newest.value
    // Nobody reads further up: what is far above can go.
    void conversation.latest()
  }, [newest.value])

  const toLatest = async (): Promise<void> => {
    stays.current = true
    await conversation.latest()
    toEnd()
    away.value = false
  }
  const toFirst = async (): Promise<void> => {
    stays.current = false
    await conversation.first()
    reached.current = conversation.turns.value[0]?.turn
  }
  const writtenBefore = useRef(written)
  useEffect(() => {
    if (written !== writtenBefore.current) void toLatest()
  }, [written])
  /** What is to be at the top once it is drawn, or so far below it. */
  const reached = useRef<number | undefined>(undefined)
  const { value: { entry } } = visit
  /** Where somebody stood who comes back. */
  const back = useRef<{ readonly entry: number; readonly place: StoodAt | undefined } | undefined>(undefined)
  if (back.current?.entry !== entry) {
    back.current = { entry, place: stoodAt() }
    if (turn !== undefined || back.current.place !== undefined) stays.current = false
  }
  const named = useRef(turn)
  useEffect(() => {
    missing.value = false
    const before = named.current
    named.current = turn
    const goal = numberIn(back.current?.place?.part) ?? turn
    if (goal === undefined && before !== undefined) void toLatest()
    if (goal === undefined || !loaded.value) return
    stays.current = false
    void conversation.reach(goal).then((found) => {
      missing.value = !found && goal === turn
      reached.current = found ? goal : undefined
      if (found) showReached()
      else void toLatest()
    })
  }, [turn, loaded.value, entry])
  const showReached = (): void => {
    if (reached.current === undefined || !show(String(reached.current), back.current?.place?.top)) return
    reached.current = undefined
    back.current = { entry, place: undefined }
    measure()
  }
  useLayoutEffect(showReached)

  const empty = loaded.value && turns.value.length === 0 && standing.value.status !== 'running'
  const news = away.value && newest.value > seen.value
  return (
    <div class="scroller-frame">
      {/* Above what scrolls: whoever asks for a turn that is not there stands at the end. */}
      {missing.value && (
        <p class="missing" role="status">
          There is no turn {turn}.
        </p>
      )}
      <div class="scroller" ref={box} onScroll={look} tabIndex={0} role="region" aria-label="Conversation">
        <div class="conversation" ref={content}>
          {!loaded.value && standing.value.status !== 'gone' && <p class="muted centred">Loading…</p>}
          {loaded.value && !atBeginning.value && (
            <p class="centred">
              <button type="button" class="quiet" onClick={() => void conversation.older()}>
                Earlier messages
              </button>
              <button type="button" class="quiet" onClick={() => void toFirst()}>
                To the first
              </button>
            </p>
          )}
          {loaded.value && !atBeginning.value && <p class="printed">What was said before this was not loaded, and so is not printed.</p>}
          {empty && <p class="muted centred">Nothing was said yet. What you write below is the agent's first message.</p>}
          {turns.value.map((one, index) => (
            <TurnView key={one.turn} agentId={agent.id} turn={one} end={ends.value.get(one.turn)} last={index === turns.value.length - 1} named={one.turn === turn} />
          ))}
          {atEnd.value && <LiveStepView conversation={conversation} />}
          {atEnd.value && children}
          {!atEnd.value && <p class="printed">What was said after this was not loaded, and so is not printed.</p>}
          {!atEnd.value && (
            <p class="centred">
              <button type="button" class="quiet" onClick={() => void conversation.newer()}>
                Later messages
              </button>
            </p>
          )}
        </div>
      </div>
      {(away.value || !atEnd.value) && (
        <button type="button" class={`to-end${news ? ' news' : ''}`} onClick={() => void toLatest()}>
          {news ? 'New messages ↓' : 'To the latest ↓'}
        </button>
      )}
    </div>
  )
}
