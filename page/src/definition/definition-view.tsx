import './definition.css'
import type { ViewProps } from '../live/open-agent.ts'
import { PartLinks } from '../shell/part-links.tsx'
import { PresentPart } from './present-part.tsx'
import { VersionsPart } from './versions-part.tsx'

const parts = [
  { name: 'present', title: 'In force', Content: PresentPart },
  { name: 'versions', title: 'Versions', Content: VersionsPart },
] as const

/** What the agent is made of: read, changed, compared and undone. */
export function DefinitionView({ agent, rest: [asked, ...rest] }: ViewProps) {
  const { name, Content } = parts.find((part) => part.name === asked) ?? parts[0]
  return (
    <div class="sheet">
      <div class="column definition">
        <PartLinks label="Parts of the definition" at={{ agent: agent.id, view: 'definition' }} parts={parts} current={name} />
        <Content agent={agent} rest={rest} />
      </div>
    </div>
  )
}
