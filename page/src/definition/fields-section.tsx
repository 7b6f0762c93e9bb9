import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { OpenAgent } from '../live/open-agent.ts'
import { Card } from './card.tsx'
import { ChangeForm } from './change-form.tsx'
import { Facts } from './facts.tsx'
import type { SectionOfFields } from './sections.ts'

interface FieldsSectionProps {
  readonly agent: OpenAgent
  readonly section: SectionOfFields
  readonly editable: boolean
  /** What is said beside the fields. */
  readonly children?: ComponentChildren
}

export function FieldsSection({ agent, section: { title, note, fields }, editable, children }: FieldsSectionProps) {
  const open = useSignal(false)
  return (
    <Card title={title} note={note} act={editable ? 'Edit' : undefined} open={open.value} onOpen={() => (open.value = true)}>
      {open.value ? <ChangeForm agent={agent} of={title.toLowerCase()} fields={fields} said={`${title}: saved.`} onClose={() => (open.value = false)} /> : <Facts fields={fields} />}
      {children}
    </Card>
  )
}
