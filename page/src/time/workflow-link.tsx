import { useEffect, useMemo } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'

/** To the agent's workflow in Temporal's Web UI, where the server knows of one; nothing where it can't be asked now, as nothing else here needs it. */
export function WorkflowLink({ agent: { client, id } }: { readonly agent: OpenAgent }) {
  const workflow = useMemo(() => asked(() => client.workflow(id)), [client, id])
  useEffect(() => void workflow.ask(), [workflow])
  const url = workflow.value.value?.url
  if (url === undefined) return null
  return (
    <p>
      <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
        The agent's workflow in Temporal's Web UI
      </a>{' '}
      <span class="muted">in another tab: each inference and tool as an activity, with what was tried again</span>
    </p>
  )
}
