import './memory.css'
import type { FunctionComponent } from 'preact'
import type { ViewProps } from '../live/open-agent.ts'
import { PartLinks } from '../shell/part-links.tsx'
import { BlocksPart } from './blocks-part.tsx'
import { DocumentsPart } from './documents-part.tsx'
import { SearchPart } from './search-part.tsx'

interface MemoryPart {
  /** In the address: `/agents/NAME/memory/blocks`. */
  readonly name: string
  readonly title: string
  readonly Content: FunctionComponent<ViewProps>
}

const parts: readonly [MemoryPart, ...MemoryPart[]] = [
  { name: 'blocks', title: 'Core memory', Content: BlocksPart },
  { name: 'search', title: 'Recall and archival', Content: SearchPart },
  { name: 'documents', title: 'Documents', Content: DocumentsPart },
]

/** All that an agent remembers, for a person to read, search, correct and undo. */
export function MemoryView({ agent, rest: [asked, ...rest] }: ViewProps) {
  const { name, Content } = parts.find((part) => part.name === asked) ?? parts[0]
  return (
    <div class="sheet">
      <div class="column memory">
        <PartLinks label="Parts of memory" at={{ agent: agent.id, view: 'memory' }} parts={parts} current={name} />
        <Content agent={agent} rest={rest} />
      </div>
    </div>
  )
}
