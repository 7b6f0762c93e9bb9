import { useEffect, useMemo } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { durationText } from './timeline.ts'

/** When one goes off a turn begins; in a turn some may be set, and others taken away. */
const mayChange: ReadonlySet<string> = new Set(['turn', 'end', 'rejoined'])

export function Timers({ agent: { client, id, conversation } }: { readonly agent: OpenAgent }) {
  const timers = useMemo(() => asked(() => client.timers(id)), [client, id])
  useEffect(() => {
    void timers.ask()
    return conversation.listen(({ type }) => void (mayChange.has(type) && timers.ask()))
  }, [timers, conversation])
  const { problem } = timers
  const { value: found } = timers.value
  return (
    <section aria-label="Timers">
      <h2>Timers</h2>
      {problem.value !== undefined && <Problem error={problem.value} again={() => void timers.ask()} />}
      {found?.length === 0 && <p class="muted">The agent has no timer.</p>}
      {found !== undefined && found.length > 0 && (
        <ul class="rows">
          {found.map(({ id: timer, text, dueAt, everyMs, left }) => (
            <li key={timer}>
              <strong>{shown(timer)}</strong> <Time at={dueAt} relative />
              {everyMs !== undefined && `, then every ${durationText(everyMs)}`}
              {left !== undefined && `, ${left === 1 ? 'once more' : `${left} more times`}`}: <span dir="auto">{shown(text)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
