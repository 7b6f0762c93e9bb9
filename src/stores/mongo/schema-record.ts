import type { Db } from 'mongodb'
import { firstSchema, presentRecord, type SchemaRecord } from '../schema.ts'
import type { Identified } from './insert-if-absent.ts'

type RecordDocument = SchemaRecord & Identified

const recordsOf = (database: Db) => database.collection<RecordDocument>('meta')
const recordId = 'schema'

/** The schema that the database names; `undefined` if nobody has written anything yet. 0.1.0 named none. */
export async function storedSchema(database: Db): Promise<Pick<SchemaRecord, 'schema'> & Partial<SchemaRecord> | undefined> {
  const record = await recordsOf(database).findOne({ _id: recordId })
  if (record !== null) return record
  return (await database.collection('agents').findOne({}, { projection: { _id: 1 } })) === null ? undefined : { schema: firstSchema }
}

/** Says that all of it has the present form. A record of a later one stays. */
export async function recordSchema(database: Db): Promise<void> {
  const record = presentRecord()
  const records = recordsOf(database)
  await records.updateOne({ _id: recordId }, { $setOnInsert: record }, { upsert: true })
  await records.updateOne({ _id: recordId, schema: { $lt: record.schema } }, { $set: record })
}
