import { exchangeCountSteps } from './exchange-sketches.ts'
import { keptCountSteps } from './kept-counts.ts'
import { sketchSteps } from './passage-sketches.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** What files of the present schema lack which an earlier program made. It is for speed alone: that program goes on with it, and triggers bind it. */
interface Later {
  readonly type: 'index' | 'table' | 'trigger'
  readonly name: string
  readonly steps: readonly string[]
}

const later: readonly Later[] = [
  {
    type: 'index',
    name: 'document_unfinished',
    steps: [`CREATE INDEX document_unfinished ON document (body ->> '$.taskQueue', body ->> '$.at', agent) WHERE status IN ('waiting', 'removing')`],
  },
  { type: 'table', name: 'kept_count', steps: keptCountSteps },
  { type: 'table', name: 'passage_sketch', steps: sketchSteps },
  { type: 'trigger', name: 'exchange_counted', steps: exchangeCountSteps },
  // What passages are searched within, without their vectors and texts.
  { type: 'index', name: 'passage_within', steps: ['CREATE INDEX passage_within ON passage (agent, superseded, source, at, tags)'] },
]

/** Makes what is missing: another process may be doing so at once. */
export function addLaterIndexes(database: EmbeddedDatabase): void {
  for (const { type, name, steps } of later) {
    const missing = (): boolean => database.row('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?', type, name) === undefined
    if (!missing()) continue
    database.transaction(() => {
      if (missing()) for (const step of steps) database.run(step)
    })
  }
}
