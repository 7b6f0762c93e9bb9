import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { ListedAgent } from '../../../clients/typescript/src/index.ts'
import { costText, shortNumber } from '../parts/figures.tsx'
import { useKeyboardPasses } from '../parts/keyboard-passes.ts'
import { Menu } from '../parts/menu.tsx'
import { counted, cut, shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { Link } from '../shell/link.tsx'
import type { RowDetails } from './details.ts'
import type { InSight } from './in-sight.ts'

export interface AgentRowProps {
  readonly agent: ListedAgent
  readonly details: RowDetails
  readonly inView: InSight
  readonly onSeen: (key: string, seen: boolean) => void
  readonly onTag: (tag: string) => void
  readonly onAsk: (what: 'archive' | 'delete' | 'copy', agent: ListedAgent) => void
}

/** An agent in the list: how it stands, and its last words. */
export function AgentRow({ agent, details, inView, onSeen, onTag, onAsk }: AgentRowProps) {
  const { key, definition: { id, name, description, tags = [], model }, status = 'asleep', recall = 0, createdAt } = agent
  const row = useKeyboardPasses<HTMLDivElement>()
  const seen = useSignal(false)
  useEffect(() => {
    if (row.current === null) return
    const stop = inView.watch(row.current, (now) => {
      seen.value = now
      onSeen(key, now)
    })
    return () => {
      stop()
      onSeen(key, false)
    }
  }, [key])
  const { last, view } = details.of(agent, seen.value).value ?? {}
  const { counters, parked, waiting = [], mailbox = [] } = view ?? {}
  const tokens = counters === undefined ? undefined : counters.promptTokens + counters.completionTokens
  const cost = counters === undefined ? undefined : costText(counters)
  return (
    <div class="agent-row" role="listitem" data-part={key} ref={row}>
      <div class="who">
        <Link to={{ agent: id, view: 'chat' }} class="stretched">
          {shown(name ?? id)}
        </Link>
        {name !== undefined && <code class="muted">{id}</code>}
        <span class={`badge is-${status}`}>{status}</span>
        {tags.map((tag) => (
          <button key={tag} type="button" class="tag" title={`Only agents with the tag ${tag}`} onClick={() => onTag(tag)}>
            {shown(tag)}
          </button>
        ))}
      </div>
      <p class="words" dir="auto">
        {parked !== undefined && status === 'parked' ? (
          <span class="warn">
            {waiting.length > 0 ? `${counted(waiting.length, 'call')} ${waiting.length === 1 ? 'waits' : 'wait'} for somebody: ${shown(waiting.map((call) => call.name).join(', '))}` : `Parked (${parked.reason}): ${shown(cut(parked.detail, 160))}`}
          </span>
        ) : last !== undefined ? (
          <>
            <span class="muted">{last.reply !== undefined ? `${shown(name ?? id)}:` : last.kind === 'user-message' ? 'User:' : `${last.kind ?? 'Event'}:`}</span> {shown(cut(last.reply ?? last.text, 200))}
          </>
        ) : (
          <span class="muted">{shown(cut(description ?? (recall === 0 ? 'Nothing was said yet.' : ''), 200))}</span>
        )}
      </p>
      <p class="facts muted">
        <span>{shown(model)}</span>
        <span>{counted(recall, 'message')}</span>
        {tokens !== undefined && <span>{shortNumber(tokens)} tokens</span>}
        {cost !== undefined && <span>{cost}</span>}
        {mailbox.length > 0 && <span>{counted(mailbox.length, 'event')} waiting</span>}
        <span>
          {last === undefined ? 'made ' : ''}
          <Time at={last?.at ?? createdAt} relative />
        </span>
      </p>
      <Menu label={`What can be done with ${id}`}>
        <button type="button" class="quiet" onClick={() => onAsk('copy', agent)}>
          New agent like this
        </button>
        {status !== 'archived' && (
          <button type="button" class="quiet" onClick={() => onAsk('archive', agent)}>
            Archive…
          </button>
        )}
        <button type="button" class="quiet bad" onClick={() => onAsk('delete', agent)}>
          Delete…
        </button>
      </Menu>
    </div>
  )
}
