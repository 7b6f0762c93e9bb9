import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Timer } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { durationText } from './timeline.ts'

export function Timers({ agent: { client, id } }: { readonly agent: OpenAgent }) {
  const timers = useSignal<readonly Timer[] | undefined>(undefined)
  const problem = useSignal<unknown>(undefined)
  const load = async (): Promise<void> => {
    try {
      timers.value = await client.timers(id)
      problem.value = undefined
    } catch (error) {
      problem.value = error
    }
  }
  useEffect(() => void load(), [client, id])
  return (
    <section aria-label="Timers">
      <h2>Timers</h2>
      {problem.value !== undefined && <Problem error={problem.value} again={() => void load()} />}
      {timers.value?.length === 0 && <p class="muted">The agent has no timer.</p>}
      {timers.value !== undefined && timers.value.length > 0 && (
        <ul class="rows">
          {timers.value.map(({ id: timer, text, dueAt, everyMs, left }) => (
            <li key={timer}>
              <strong>{timer}</strong> <Time at={dueAt} relative />
              {everyMs !== undefined && `, then every ${durationText(everyMs)}`}
              {left !== undefined && `, ${left} more times`}: <span dir="auto">{shown(text)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
