import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { LongText } from '../parts/long-text.tsx'
import { Problem } from '../parts/problem.tsx'

/** What a compaction left in place of the messages that it took out: the summary in the prompt of the step after it. Asked for when somebody opens it. */
export function CompactionSummary({ agent: { client, id }, turn, step }: { readonly agent: OpenAgent; readonly turn: number; readonly step: number }) {
  const begun = useSignal(false)
  const summary = useMemo(() => asked(async () => summaryIn((await client.prompt(id, { turn, step })).request.messages)), [client, id, turn, step])
  const open = (now: boolean): void => {
    if (!now || begun.value) return
    begun.value = true
    void summary.ask()
  }
  return (
    <details onToggle={(event) => open(event.currentTarget.open)}>
      <summary>
        The summary<span class="unseen"> before step {step}</span>
      </summary>
      {summary.problem.value !== undefined && <Problem error={summary.problem.value} again={() => void summary.ask()} />}
      {summary.busy.value && <p class="muted">Loading…</p>}
      {summary.value.value !== undefined && (summary.value.value === '' ? <p class="muted">From here on the context has none.</p> : <LongText text={summary.value.value} />)}
    </details>
  )
}

/** Empty: there is none. */
function summaryIn(messages: readonly { readonly role: string; readonly content?: unknown }[]): string {
  const found = messages.find(({ role, content }) => role === 'user' && typeof content === 'string' && content.startsWith('<summary>'))
  return typeof found?.content === 'string' ? found.content.replace(/^<summary>\n?|\n?<\/summary>$/g, '') : ''
}
