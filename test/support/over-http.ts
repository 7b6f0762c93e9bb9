import { createClient, type HttpClient } from '../../clients/typescript/src/index.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { served } from './served.ts'

/** The client of another program: it asks a server that has this one. */
export async function overHttp(client: PerdureClient): Promise<{ readonly url: string; readonly client: HttpClient; close(): Promise<void> }> {
  const server = await served(client, { newAgents: { model: defaults.model, contextWindow: defaults.contextWindow }, onError: (error) => console.error(error) })
  return { url: server.url, client: createClient({ url: server.url }), close: () => server.close() }
}
