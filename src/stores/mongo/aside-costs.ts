import type { Collection } from 'mongodb'
import { addUsage, type Spending } from '../../protocol/cost.ts'
import { nothingSpent, type AsideCost, type AsideCostStore } from '../asides.ts'
import { idOf, insertIfAbsent, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

export type AsideCostDocument = AsideCost &
  Identified & {
    /** It is in its agent's sum, whose document says so of the latest ones by itself. */
    readonly summed?: true
  }

/** What an agent's asides have cost together. Its `_id` is the agent. */
export interface AsideSumDocument extends Identified {
  /** Counts the changes of the document. */
  readonly change: number
  readonly spent: Readonly<Spending>
  /** The asides that the latest change has added: whether their documents say so is not sure. */
  readonly added: readonly string[]
}

/** Asides of one change of the sum: a document cannot hold the ids of all. */
const atOnce = 1_000

/**
 * The sum follows the documents: a change adds some that are not in it yet, and is made only where nobody has made another one since the sum was
 * read. What was added is marked afterwards, and before anything else is added. So whoever dies in between, or stops and goes on, leaves
 * none out and adds none twice; and what a worker of an earlier version has stored is added when the sum is asked for.
 */
export function mongoAsideCosts(costs: Collection<AsideCostDocument>, sums: Collection<AsideSumDocument>): AsideCostStore {
  const mark = (agentId: string, ids: readonly string[]) => costs.updateMany({ _id: { $in: ids.map((id) => idOf(agentId, id)) } }, { $set: { summed: true } })
  const spent = async (agentId: string): Promise<Readonly<Spending>> => {
    for (;;) {
      const sum = await findBody<AsideSumDocument, AsideSumDocument>(sums, { _id: agentId }, {})
      const missing = await findBodies<AsideCost, AsideCostDocument>(costs, { agentId, summed: { $exists: false } }, { ...body, limit: atOnce })
      if (missing.length === 0) return sum?.spent ?? nothingSpent
      // All that the latest change has added, not only those that are read here: the next one forgets them.
      const known = new Set(sum?.added)
      if (known.size > 0) await mark(agentId, [...known])
      const added = missing.filter(({ id }) => !known.has(id))
      if (added.length === 0) continue
      const spending: Spending = { ...(sum?.spent ?? nothingSpent) }
      for (const { usage } of added) addUsage(spending, usage, 0)
      const ids = added.map(({ id }) => id)
      if (await isChanged(sums, agentId, sum, { change: (sum?.change ?? 0) + 1, spent: spending, added: ids })) await mark(agentId, ids)
    }
  }
  return {
    insert: async (cost) => {
      if ((await insertIfAbsent(costs, { ...cost, _id: idOf(cost.agentId, cost.id) })) === 'inserted') await spent(cost.agentId)
    },
    list: (agentId) => findBodies<AsideCost, AsideCostDocument>(costs, { agentId }, body),
    spent,
  }
}

const body = { projection: { _id: 0, summed: 0 } } as const

/** False where somebody else has changed it since it was read. */
async function isChanged(sums: Collection<AsideSumDocument>, agentId: string, before: AsideSumDocument | null, next: Omit<AsideSumDocument, '_id'>): Promise<boolean> {
  if (before === null) return (await insertIfAbsent(sums, { ...next, _id: agentId })) === 'inserted'
  return (await sums.updateOne({ _id: agentId, change: before.change }, { $set: versioned(next) })).modifiedCount > 0
}
