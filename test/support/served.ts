import { accessKeyCheck } from '../../src/client/access-key-check.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { requestRates } from '../../src/server/request-rates.ts'
import { serve, type Served, type ServeOptions } from '../../src/server/serve.ts'

const noKeys = { any: async () => false, get: async () => undefined, used: async () => undefined }

/** What a server is told here; without keys, and with agents of the scripted model. */
export const usualServer = {
  keys: accessKeyCheck(noKeys),
  rates: requestRates(1_000_000),
  newAgents: { model: 'scripted', contextWindow: 32_000 },
  frontEndTasks: 'aside' as const,
  version: '0.0.0',
  ready: () => Promise.resolve(),
}

/** The server at a port of its own, or at the address that it is given. */
export const served = (client: PerdureClient, options: Partial<ServeOptions> = {}): Promise<Served> => serve({ ...usualServer, address: '127.0.0.1:0', clientOf: () => client, onError: () => undefined, ...options })
