import './definition.css'
import type { ViewProps } from '../live/open-agent.ts'
import { areNumbers } from '../shell/address.ts'
import { partHas, PartsView, type Part } from '../shell/parts-view.tsx'
import { PresentPart } from './present-part.tsx'
import { VersionsPart } from './versions-part.tsx'

const parts: readonly [Part<ViewProps>, ...Part<ViewProps>[]] = [
  { name: 'present', title: 'In force', Content: PresentPart },
  { name: 'versions', title: 'Versions', Content: VersionsPart, has: (rest) => areNumbers(rest, 2) },
]

export const definitionHas = (rest: readonly string[]): boolean => partHas(parts, rest)

/** What the agent is made of: read, changed, compared and undone. */
export const DefinitionView = ({ agent, rest }: ViewProps) => (
  <PartsView agentId={agent.id} view="definition" label="Parts of the definition" parts={parts} rest={rest} propsOf={(within) => ({ agent, rest: within })} />
)
