import type { EmbeddingSpace, Passage } from '../archival.ts'
import type { CurrentCollection, PassageCollection } from './collection.ts'
import { assertDimensions, assertSameSpace } from './embedding-space.ts'
import { readSpace } from './create-collection.ts'
import { isPresent, type Condition } from './filter.ts'
import { pointOf } from './insert-passages.ts'
import { orderOf, passageOf } from './payload.ts'
import { pointIdOf } from './point-id.ts'

export async function passageUnder({ client, name }: CurrentCollection, agentId: string, op: string): Promise<Passage | undefined> {
  const [point] = await client.retrieve(name, { ids: [pointIdOf(agentId, op)], with_payload: true })
  return point && passageOf(point.payload)
}

/**
 * One request that changes the point only while it has just the edits before and is not superseded. Where the guarantee ends: a
 * passage that is removed in the moment between our look and that request comes back.
 */
export async function editPassage(
  collection: PassageCollection,
  { passage, vector }: { readonly passage: Passage; readonly vector: readonly number[] },
  space: EmbeddingSpace,
): Promise<boolean> {
  assertDimensions(vector, space)
  const { agentId, op, edits = [] } = passage
  const id = pointIdOf(agentId, op)
  const before: Condition = edits.length === 1 ? { is_empty: { key: 'edition' } } : { key: 'edition', match: { value: edits.length - 1 } }
  const edit = async ({ client, name }: CurrentCollection): Promise<boolean> => {
    assertSameSpace(await readSpace(client, name), space)
    const [known] = await client.retrieve(name, { ids: [id], with_payload: ['order'] })
    if (known === undefined) return false
    const point = pointOf(passage, vector, 0, space)
    await client.upsert(name, { wait: true, points: [{ ...point, payload: { ...point.payload, order: orderOf(known.payload) } }], update_filter: { must: [before, isPresent] } })
    return (await passageUnder({ client, name }, agentId, op))?.edits?.at(edits.length - 1)?.op === edits.at(-1)?.op
  }
  return (await collection.changing([id], edit)) ?? false
}

export async function supersedePassage(collection: PassageCollection, { agentId, op, by }: { readonly agentId: string; readonly op: string; readonly by: string }): Promise<Passage | undefined> {
  const id = pointIdOf(agentId, op)
  const mark = async (current: CurrentCollection): Promise<Passage | undefined> => {
    const { client, name } = current
    await client.setPayload(name, { wait: true, payload: { supersededBy: by }, filter: { must: [{ has_id: [id] }, isPresent] } })
    return passageUnder(current, agentId, op)
  }
  return collection.changing([id], mark)
}
