import './memory.css'
import type { ViewProps } from '../live/open-agent.ts'
import { partHas, PartsView, type Part } from '../shell/parts-view.tsx'
import { BlocksPart } from './blocks-part.tsx'
import { DocumentsPart } from './documents-part.tsx'
import { SearchPart } from './search-part.tsx'

const parts: readonly [Part<ViewProps>, ...Part<ViewProps>[]] = [
  // Of which labels there are the part knows.
  { name: 'blocks', title: 'Core memory', Content: BlocksPart, has: (rest) => rest.length <= 1 },
  { name: 'search', title: 'Recall and archival', Content: SearchPart },
  { name: 'documents', title: 'Documents', Content: DocumentsPart },
]

export const memoryHas = (rest: readonly string[]): boolean => partHas(parts, rest)

/** All that an agent remembers, for a person to read, search, correct and undo. */
export const MemoryView = ({ agent, rest }: ViewProps) => (
  <PartsView agentId={agent.id} view="memory" label="Parts of memory" parts={parts} rest={rest} propsOf={(within) => ({ agent, rest: within })} />
)
