import type { QdrantClient } from '@qdrant/js-client-rest'
import type { Condition } from './filter.ts'

const scannedAtOnce = 1_000

/** The collection's record of itself is of no agent. */
const ofNoAgent: Condition = { is_empty: { key: 'agentId' } }

/** The ids of all passages of all agents, in batches. Those inserted or removed meanwhile may be there or not. */
export async function* idsOf(client: QdrantClient, name: string, batch: number): AsyncIterable<string[]> {
  for await (const points of scan(client, name, { batch, fields: false })) yield points.map(({ id }) => String(id))
}

/** The ids of those that have no vector of that name. */
export async function* idsWithoutVector(client: QdrantClient, name: string, vectorName: string, batch: number): AsyncIterable<string[]> {
  for await (const points of scan(client, name, { batch, fields: false, without: [{ has_vector: vectorName }] })) yield points.map(({ id }) => String(id))
}

/** How many passages each agent has. */
export async function countAgents(client: QdrantClient, name: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for await (const points of scan(client, name, { batch: scannedAtOnce, fields: ['agentId'] })) {
    for (const { payload } of points) {
      const agentId = String(payload?.['agentId'])
      counts.set(agentId, (counts.get(agentId) ?? 0) + 1)
    }
  }
  return new Map([...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
}

async function* scan(client: QdrantClient, name: string, { batch, fields, without = [] }: { readonly batch: number; readonly fields: string[] | false; readonly without?: readonly Condition[] }) {
  let offset: string | number | undefined
  for (;;) {
    const page = await client.scroll(name, { filter: { must_not: [ofNoAgent, ...without] }, limit: batch, with_payload: fields, ...(offset !== undefined && { offset }) })
    if (page.points.length > 0) yield page.points
    const next = page.next_page_offset
    if (typeof next !== 'string' && typeof next !== 'number') return
    offset = next
  }
}
