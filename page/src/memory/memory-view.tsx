import './memory.css'
import type { ViewProps } from '../live/open-agent.ts'
import { PartsView, type Part } from '../shell/parts-view.tsx'
import { BlocksPart } from './blocks-part.tsx'
import { DocumentsPart } from './documents-part.tsx'
import { SearchPart } from './search-part.tsx'

const parts: readonly [Part<ViewProps>, ...Part<ViewProps>[]] = [
  { name: 'blocks', title: 'Core memory', Content: BlocksPart },
  { name: 'search', title: 'Recall and archival', Content: SearchPart },
  { name: 'documents', title: 'Documents', Content: DocumentsPart },
]

/** All that an agent remembers, for a person to read, search, correct and undo. */
export const MemoryView = ({ agent, rest }: ViewProps) => (
  <PartsView agentId={agent.id} view="memory" label="Parts of memory" parts={parts} rest={rest} propsOf={(within) => ({ agent, rest: within })} />
)
