import type { TurnEnded } from '../live/conversation.ts'
import type { Item, Turn } from '../live/turns.ts'
import { FiguresLine } from '../parts/figures.tsx'
import { LongText } from '../parts/long-text.tsx'
import { memo } from '../parts/memo.ts'
import { Link } from '../shell/link.tsx'
import { Time } from '../parts/time.tsx'
import { CallView } from './call-view.tsx'
import { NoticeView } from './notice-view.tsx'
import { Thoughts } from './thoughts.tsx'
import { TurnEndLine } from './turn-end-line.tsx'

export interface TurnViewProps {
  readonly agentId: string
  readonly turn: Turn
  readonly end: TurnEnded | undefined
  /** The latest that is loaded: it may go on. */
  readonly last: boolean
  /** The address names it. */
  readonly named: boolean
}

/** A question, and all that came of it. */
export const TurnView = memo(({ agentId, turn, end, last, named }: TurnViewProps) => {
  const at = repliedAt(turn)
  return (
  <article class={`turn${last ? ' last' : ''}${named ? ' named' : ''}`} data-part={turn.turn} aria-label={`Turn ${turn.turn}`}>
    {turn.event !== undefined && <EventView turn={turn} />}
    {turn.items.map((item) => (
      <ItemView key={keyOf(item)} agentId={agentId} item={item} />
    ))}
    <footer>
      <TurnEndLine turn={turn} end={end} />
      {at !== undefined && <Time at={at} />}
      {turn.figures.steps > 0 && !turn.imported && (end !== undefined || (!last && turn.event !== undefined)) && <FiguresLine {...turn.figures} {...end?.figures} />}
      {turn.promptStep !== undefined && (end !== undefined || !last) && <Origins agentId={agentId} turn={turn.turn} step={turn.promptStep} />}
    </footer>
  </article>
  )
})

/** Where one sees why it said what it said. */
function Origins({ agentId, turn, step }: { readonly agentId: string; readonly turn: number; readonly step: number }) {
  return (
    <span class="origins">
      <Link to={{ agent: agentId, view: 'context', rest: [String(turn), String(step)] }}>
        What the model saw<span class="unseen"> in turn {turn}</span>
      </Link>
      <Link to={{ agent: agentId, view: 'time', rest: [String(turn)] }}>
        Timeline<span class="unseen"> of turn {turn}</span>
      </Link>
    </span>
  )
}

/** When the agent last said something. */
const repliedAt = ({ items }: Turn): string | undefined => items.flatMap((item) => (item.type === 'call' && item.result?.reply !== undefined ? [item.result.at] : [])).at(-1)

const keyOf = (item: Item): string => {
  switch (item.type) {
    case 'notice':
      return `n${item.message.seq}`
    case 'thoughts':
      return `t${item.seq}.${item.call ?? ''}`
    case 'call':
      return `c${item.seq}.${item.index}`
    case 'ended':
      return `e${item.seq}`
  }
}

/** What woke the agent: somebody's words, or an event of another kind. */
function EventView({ turn: { event } }: { readonly turn: Turn }) {
  if (event === undefined) return null
  if (event.kind !== 'user-message') return <NoticeView message={event} />
  return (
    <div class={`question${event.popped === true ? ' popped' : ''}`} role="group" aria-label="A user says">
      <LongText text={event.text} />
      <span class="when">
        {event.popped === true && 'taken out of the context · '}
        <Time at={event.at} />
      </span>
    </div>
  )
}

function ItemView({ agentId, item }: { readonly agentId: string; readonly item: Item }) {
  switch (item.type) {
    case 'notice':
      return <NoticeView message={item.message} />
    case 'thoughts':
      return <Thoughts text={item.text} />
    case 'call':
      return <CallView agentId={agentId} item={item} />
    case 'ended':
      return <p class="remark">{item.how === 'cut' ? 'The answer was cut by the limit of output.' : 'The answer was held back by the provider’s filter.'}</p>
  }
}
