import type { StoredMessage } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'
import { CompactionSummary } from './compaction-summary.tsx'
import { durationText, spansOf, type Span } from './timeline.ts'

interface TurnTimelineProps {
  readonly agent: OpenAgent
  readonly turn: number
  readonly messages: readonly StoredMessage[]
  /** There is more of the turn than these. */
  readonly inPart: boolean
  readonly before: Parameters<typeof spansOf>[1]
  readonly imported: boolean
}

/** A turn as a timeline: each inference and each tool with its begin and its length, and what was waited for. */
export function TurnTimeline({ agent, turn, messages, inPart, before, imported }: TurnTimelineProps) {
  if (imported) return <Imported agentId={agent.id} turn={turn} />
  const spans = spansOf(messages, before)
  const begin = Math.min(...spans.map(({ from }) => from))
  const whole = Math.max(1, Math.max(...spans.map(({ to }) => to)) - begin)
  const share = (ms: number): string => `${Math.max(0, Math.min(100, (100 * ms) / whole))}%`
  return (
    <section class="timeline" aria-label={`Turn ${turn}`}>
      <h2>Turn {turn}, {inPart ? 'of which a part is loaded' : `in ${durationText(whole)}`}</h2>
      <ol>
        {spans.map((span) => (
          <li key={span.key} class={`span is-${span.kind}${span.failed ? ' failed' : ''}`}>
            <span class="what" dir="auto">
              <Name agentId={agent.id} turn={turn} span={span} />
              {span.compacted && <span class="muted"> after a compaction{span.compacted.tookOut && `, which took out messages ${span.compacted.tookOut.join('–')}`}</span>}
              {span.failed && <span class="bad"> failed</span>}
            </span>
            <span class="muted when">
              {durationText(span.from - begin)}
              {span.to > span.from && <>, for {durationText(span.to - span.from)}</>}
            </span>
            {span.compacted && <CompactionSummary key={`${turn}/${span.step}`} agent={agent} turn={turn} step={span.step} />}
            <span class="track" aria-hidden="true">
              <span style={{ marginInlineStart: `min(${share(span.from - begin)}, 100% - 3px)`, width: share(span.to - span.from) }} />
            </span>
          </li>
        ))}
      </ol>
      {spans.some(({ kind }) => kind === 'wait') && <p class="muted">A wait is time in which nothing came through: an attempt at the inference that failed and the pause after it, a park, or a worker that was away.</p>}
      <Now agent={agent} turn={turn} />
    </section>
  )
}

function Imported({ agentId, turn }: { readonly agentId: string; readonly turn: number }) {
  return (
    <section class="timeline" aria-label={`Turn ${turn}`}>
      <h2>Turn {turn}, imported</h2>
      <p class="muted">
        It took place elsewhere, before there was this agent: <Link to={{ agent: agentId, view: 'chat', rest: [String(turn)] }}>what was said</Link> is known, and not how long anything took.
      </p>
    </section>
  )
}

/** What holds up the turn at present. */
function Now({ agent: { id, conversation }, turn }: { readonly agent: OpenAgent; readonly turn: number }) {
  const standing = conversation.standing.value
  if (!('turn' in standing) || standing.turn !== turn) return null
  const calls = conversation.calls.value
  const heldUp = conversation.heldUp.value
  if (calls.length > 0) {
    return (
      <p class="warn">
        It waits for somebody: {shown(calls.map(({ name }) => name).join(', '))}. <Link to={{ agent: id, view: 'chat' }}>Answer it in the chat</Link>
      </p>
    )
  }
  if (standing.status === 'parked') return <p class="warn">It is parked ({standing.parked.reason ?? 'unknown'}): {shown(standing.parked.detail ?? '')} {heldUp !== undefined && shown(heldUp)}</p>
  return heldUp === undefined ? null : <p class="warn">{shown(heldUp)}</p>
}

function Name({ agentId, turn, span: { kind, name, step } }: { readonly agentId: string; readonly turn: number; readonly span: Span }) {
  if (kind !== 'inference') return <>{shown(name)}</>
  return <Link to={{ agent: agentId, view: 'context', rest: [String(turn), String(step)] }}>Step {step}: {shown(name)}</Link>
}
