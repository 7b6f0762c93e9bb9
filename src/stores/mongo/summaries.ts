import type { Collection } from 'mongodb'
import type { Summary, SummaryStore } from '../summaries.ts'
import { idOf, insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

/** `time`: `at`, comparable whatever its notation. */
export type SummaryDocument = Summary & Identified & { readonly time: Date }

const plain = { projection: { ...withoutId.projection, time: 0 } } as const

export function mongoSummaries(collection: Collection<SummaryDocument>): SummaryStore {
  const find = (agentId: string, op: string): Promise<Summary | null> => findBody<Summary, SummaryDocument>(collection, { _id: idOf(agentId, op) }, plain)
  return {
    insert: async (summary) => {
      const document = { ...summary, _id: idOf(summary.agentId, summary.op), time: new Date(summary.at) }
      if ((await insertIfAbsent(collection, document)) === 'inserted') return summary
      return present(await find(summary.agentId, summary.op), `summary ${summary.op}`)
    },
    get: async (agentId, op) => (await find(agentId, op)) ?? undefined,
    list: (agentId) => findBodies<Summary, SummaryDocument>(collection, { agentId }, { ...plain, sort: { time: 1 } }),
    latest: async (agentId) => (await findBody<Summary, SummaryDocument>(collection, { agentId }, { ...plain, sort: { time: -1 } })) ?? undefined,
  }
}
