import type { StoredMessage } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'
import { CompactionSummary } from './compaction-summary.tsx'
import { durationText, spansOf, type Span } from './timeline.ts'

/** A turn as a timeline: each inference and each tool with its begin and its length. */
export function TurnTimeline({ agent, turn, messages, summary }: { readonly agent: OpenAgent; readonly turn: number; readonly messages: readonly StoredMessage[]; readonly summary: string | undefined }) {
  const spans = spansOf(messages, summary)
  const begin = Math.min(...spans.map(({ from }) => from))
  const whole = Math.max(1, Math.max(...spans.map(({ to }) => to)) - begin)
  const share = (ms: number): string => `${Math.max(0, Math.min(100, (100 * ms) / whole))}%`
  return (
    <section class="timeline" aria-label={`Turn ${turn}`}>
      <h2>Turn {turn}, in {durationText(whole)}</h2>
      <ol>
        {spans.map((span) => (
          <li key={span.key} class={`span is-${span.kind}${span.failed ? ' failed' : ''}`}>
            <span class="what" dir="auto">
              <Name agentId={agent.id} turn={turn} span={span} />
              {span.compacted && <span class="muted"> after a compaction</span>}
              {span.failed && <span class="bad"> failed</span>}
            </span>
            <span class="muted when">
              {durationText(span.from - begin)}
              {span.to > span.from && <>, for {durationText(span.to - span.from)}</>}
            </span>
            {span.compacted && <CompactionSummary key={`${turn}/${span.step}`} agent={agent} turn={turn} step={span.step} />}
            <span class="track" aria-hidden="true">
              <span style={{ marginInlineStart: share(span.from - begin), width: share(span.to - span.from) }} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Name({ agentId, turn, span: { kind, name, step } }: { readonly agentId: string; readonly turn: number; readonly span: Span }) {
  if (kind !== 'inference') return <>{shown(name)}</>
  return <Link to={{ agent: agentId, view: 'context', rest: [String(turn), String(step)] }}>Step {step}: {shown(name)}</Link>
}
