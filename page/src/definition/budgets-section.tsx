import { useEffect, useMemo } from 'preact/hooks'
import type { AgentDefinition } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { costText } from '../parts/figures.tsx'
import { FieldsSection } from './fields-section.tsx'
import { budgetsOf } from './sections.ts'

/** Budgets, and what was used of that of the agent's life. */
export function BudgetsSection({ agent, definition, editable }: { readonly agent: OpenAgent; readonly definition: AgentDefinition; readonly editable: boolean }) {
  const cost = useMemo(() => asked(() => agent.client.cost(agent.id, { turns: 1 })), [agent])
  useEffect(() => {
    void cost.ask()
    return agent.conversation.listen(({ type }) => void (type === 'end' && cost.ask()))
  }, [agent, cost])
  const total = cost.value.value?.total
  return (
    <FieldsSection agent={agent} section={budgetsOf(definition)} editable={editable}>
      {total !== undefined && (
        <p class="muted">
          So far it has used {(total.promptTokens + total.completionTokens).toLocaleString('en')} tokens{costText(total) !== undefined && ` and ${costText(total) ?? ''}`}.
        </p>
      )}
    </FieldsSection>
  )
}
