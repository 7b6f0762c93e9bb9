import Libsql from 'libsql'
import { MongoClient } from 'mongodb'
import { inject } from 'vitest'
import { databaseNameOf } from '../../src/stores/mongo/uri.ts'

/** Puts another text into the place of a part of a stored message, as no interface of ours can. @param file of memory, where it is embedded */
export async function alterMessage({ file, agentId, seq, from, to }: { readonly file: string; readonly agentId: string; readonly seq: number; readonly from: string; readonly to: string }): Promise<void> {
  const changed = await rewrite(file, agentId, seq, (stored) => stored.replaceAll(from, to))
  if (changed !== 1) throw new Error(`${changed} messages were altered, not one`)
}

async function rewrite(file: string, agentId: string, seq: number, edit: (json: string) => string): Promise<number> {
  const servers = inject('storeServers')
  if (servers === undefined) {
    const raw = new Libsql(file)
    const { body } = raw.prepare('SELECT body FROM message WHERE agent = ? AND seq = ?').get([agentId, seq]) as { body: string }
    const { changes } = raw.prepare('UPDATE message SET body = ? WHERE agent = ? AND seq = ? AND body <> ?').run([edit(body), agentId, seq, edit(body)])
    raw.close()
    return changes
  }
  if ('unavailable' in servers) throw new Error(servers.unavailable)
  const client = await MongoClient.connect(servers.mongodbUri)
  const messages = client.db(databaseNameOf(servers.mongodbUri)).collection('messages')
  const content = JSON.stringify((await messages.findOne({ agentId, seq }))?.['content'])
  const { modifiedCount } = await messages.updateOne({ agentId, seq }, { $set: { content: JSON.parse(edit(content)) as unknown } })
  await client.close()
  return modifiedCount
}
