/** A client that loads a folder, in a process of its own: it says `half` when half of the files are given over, and gives no more. */
import { Client } from '@temporalio/client'
import { connectTemporal } from '../../../src/client/connect-temporal.ts'
import { createClient } from '../../../src/client/client.ts'
import type { DocumentFile } from '../../../src/client/documents.ts'
import { readConfig } from '../../../src/config/config.ts'
import { findFiles } from '../../../src/documents/files/find-files.ts'
import { readFiles } from '../../../src/documents/files/read-files.ts'
import { openStores } from '../../../src/stores/open.ts'

process.stdin.resume().on('end', () => process.exit())

const [agentId = '', folder = ''] = process.argv.slice(2)
const { temporal: target, taskQueue, stores } = readConfig(process.env)
const connection = await connectTemporal({ address: target.address ?? '' })
const client = createClient({ temporal: new Client({ connection, namespace: target.namespace }), taskQueue, stores: await openStores(stores) })
const files = findFiles([folder])

async function* firstHalf(): AsyncGenerator<DocumentFile> {
  yield* readFiles(files.slice(0, Math.ceil(files.length / 2)), () => undefined)
  console.log('half')
  await new Promise(() => undefined)
}

await client.loadDocuments(agentId, firstHalf())
