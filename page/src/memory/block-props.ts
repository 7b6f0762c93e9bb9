import type { BlockView } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'

/** What all that is about one block gets. */
export interface BlockProps {
  readonly agent: OpenAgent
  readonly block: BlockView
  /** After a change, so that all of the page shows it. */
  readonly onChanged: () => Promise<void>
}
