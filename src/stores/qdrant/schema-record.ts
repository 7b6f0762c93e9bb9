import type { QdrantClient } from '@qdrant/js-client-rest'
import { presentRecord, type SchemaRecord } from '../schema.ts'

/**
 * What the collection says of itself is a point of its own, of no agent and without a vector, so that no search, count or listing sees
 * it: those all ask for one agent's.
 */
const recordId = '00000000-0000-5000-8000-000000000001'

/** `undefined` for a collection of 0.1.0, which said nothing. */
export async function storedRecord(client: QdrantClient, name: string): Promise<SchemaRecord | undefined> {
  const [point] = await client.retrieve(name, { ids: [recordId], with_payload: true })
  const { schema, program, at } = (point?.payload ?? {}) as Partial<SchemaRecord>
  return schema === undefined ? undefined : { schema, program: program ?? 'unknown', at: at ?? '' }
}

/** Says that all of it has the present form. Not to be called where a later record stands. */
export async function recordSchema(client: QdrantClient, name: string): Promise<void> {
  await client.upsert(name, { wait: true, points: [{ id: recordId, vector: {}, payload: { ...presentRecord() } }] })
}
