import type { ComponentChildren } from 'preact'
import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { LiveStepView } from './live-step-view.tsx'
import { TurnView } from './turn-view.tsx'

/** So near to the end one reads what comes; so near to the beginning one wants what was before. */
const nearEnd = 60
const nearBeginning = 400

/** The conversation. Whoever stands at its end stays there as it grows; whoever reads further up stays where he reads. */
export function Scroller({ agent, children }: { readonly agent: OpenAgent; readonly children: ComponentChildren }) {
  const { conversation } = agent
  const { turns, live, ends, atBeginning, atEnd, loaded, standing } = conversation
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stays = useRef(true)
  const away = useSignal(false)
  /** What was at the top of the window before earlier messages came above it. */
  const kept = useRef<{ readonly turn: string; readonly top: number } | undefined>(undefined)

  const toEnd = (): void => {
    const { current } = box
    if (current !== null) current.scrollTop = current.scrollHeight
  }
  const scrolled = (): void => {
    const { current } = box
    if (current === null) return
    stays.current = atEnd.value && current.scrollHeight - current.scrollTop - current.clientHeight < nearEnd
    away.value = !stays.current
    if (current.scrollTop < nearBeginning && !atBeginning.value && loaded.value) {
      keepPlace()
      void conversation.older()
    }
  }
  const keepPlace = (): void => {
    const top = box.current?.getBoundingClientRect().top ?? 0
    const first = [...(content.current?.querySelectorAll<HTMLElement>('[data-turn]') ?? [])].find((turn) => turn.getBoundingClientRect().bottom > top)
    if (first !== undefined) kept.current = { turn: first.dataset['turn'] ?? '', top: first.getBoundingClientRect().top }
  }
  const first = conversation.messages.value[0]?.seq ?? 0
  useLayoutEffect(() => {
    const place = kept.current
    const turn = place === undefined ? null : (content.current?.querySelector(`[data-turn="${place.turn}"]`) ?? null)
    if (place !== undefined && turn !== null && box.current !== null) box.current.scrollTop += turn.getBoundingClientRect().top - place.top
    kept.current = undefined
  }, [first])
  useEffect(() => {
    if (content.current === null || box.current === null) return
    const grown = new ResizeObserver(() => {
      if (stays.current) toEnd()
    })
    grown.observe(content.current)
    grown.observe(box.current)
    return () => grown.disconnect()
  }, [])
  const toLatest = async (): Promise<void> => {
    stays.current = true
    await conversation.latest()
    toEnd()
    away.value = false
  }
  useEffect(() => {
    // Nobody reads further up: what is far above can go.
    if (stays.current) void conversation.latest()
  }, [turns.value.length])

  const empty = loaded.value && turns.value.length === 0 && standing.value.status !== 'running'
  return (
    <div class="scroller-frame">
      <div class="scroller" ref={box} onScroll={scrolled} tabIndex={0} role="region" aria-label="Conversation">
        <div class="conversation" ref={content}>
          {!loaded.value && standing.value.status !== 'gone' && <p class="muted centred">Loading…</p>}
          {loaded.value && !atBeginning.value && (
            <p class="centred">
              <button type="button" class="quiet" onClick={() => {
                keepPlace()
                void conversation.older()
              }}>
                Earlier messages
              </button>
            </p>
          )}
          {empty && <p class="muted centred">Nothing was said yet. What you write below is the agent's first message.</p>}
          {turns.value.map((turn, index) => (
            <TurnView key={turn.turn} turn={turn} end={ends.value.get(turn.turn)} last={index === turns.value.length - 1 && atEnd.value} />
          ))}
          {atEnd.value && live.value !== undefined && <LiveStepView step={live.value} />}
          {atEnd.value && children}
        </div>
      </div>
      {(away.value || !atEnd.value) && (
        <button type="button" class="to-end" onClick={() => void toLatest()}>
          To the latest ↓
        </button>
      )}
    </div>
  )
}
