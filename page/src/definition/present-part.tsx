import { useEffect } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { Time } from '../parts/time.tsx'
import { BlocksSection } from './blocks-section.tsx'
import { BudgetsSection } from './budgets-section.tsx'
import { ClientToolsSection } from './client-tools-section.tsx'
import { FieldsSection } from './fields-section.tsx'
import { instructionsOf, modelOf, whoItIs } from './sections.ts'
import { ToolsSection } from './tools-section.tsx'
import { versionOf } from './use-change.ts'

/** The definition that is in force, part by part; each is changed by itself. */
export function PresentPart({ agent }: ViewProps) {
  const record = agent.record.value
  // An agent may rewrite its instructions, and others its definition, in a turn and between two.
  useEffect(() => {
    void agent.reload()
    return agent.conversation.listen(({ type }) => void ((type === 'end' || type === 'rejoined') && agent.reload()))
  }, [agent])
  if (record === undefined) return agent.problem.value === undefined ? <p class="muted">Loading…</p> : null
  const { key, definition, createdAt, archivedAt } = record
  const { status } = agent.conversation.standing.value
  const editable = archivedAt === undefined && status !== 'archived' && status !== 'gone'
  const common = { agent, definition, editable }
  return (
    <>
      <p class="muted">
        Version {versionOf(agent)} of <code>{definition.id}</code>, which was made <Time at={createdAt} />. {editable ? 'A change makes the next version, which holds from the agent’s next step on.' : 'The agent is archived: nothing of this changes any more.'}
      </p>
      <FieldsSection agent={agent} section={whoItIs(definition)} editable={editable} />
      <FieldsSection agent={agent} section={modelOf(definition)} editable={editable} />
      <FieldsSection agent={agent} section={instructionsOf(definition)} editable={editable} />
      <ToolsSection {...common} />
      <ClientToolsSection {...common} />
      <BlocksSection {...common} agentKey={key} />
      <BudgetsSection {...common} />
    </>
  )
}
