import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'

/** To the agent's workflow in Temporal's Web UI, where the server knows of one; nothing where it can't be asked now, as nothing else here needs it. */
export function WorkflowLink({ agent: { client, id } }: { readonly agent: OpenAgent }) {
  const url = useSignal<string | undefined>(undefined)
  useEffect(() => {
    let left = false
    url.value = undefined
    client.workflow(id).then(
      (workflow) => {
        if (!left) url.value = workflow?.url
      },
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [client, id])
  if (url.value === undefined) return null
  return (
    <p>
      <a href={url.value} target="_blank" rel="noopener noreferrer" title={url.value}>
        The agent's workflow in Temporal's Web UI
      </a>{' '}
      <span class="muted">in another tab: each inference and tool as an activity, with what was tried again</span>
    </p>
  )
}
