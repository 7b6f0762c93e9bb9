import { Client } from '@temporalio/client'
import { createClient } from './client/client.ts'
import type { PerdureClient } from './client/client.ts'
import { connectTemporal, unreached, usualAddress } from './client/connect-temporal.ts'
import { encryptedDataConverter } from './codec/data-converter.ts'
import type { Config } from './config/config.ts'
import type { Tenant } from './protocol/tenant.ts'
import { openEmbedder } from './open-embedder.ts'
import { openStores } from './stores/open.ts'
import type { Stores } from './stores/stores.ts'

export interface PerdureConnection {
  /** Of the tenant that the configuration names. */
  readonly client: PerdureClient
  readonly clientOf: (tenant: Tenant | undefined) => PerdureClient
  readonly temporal: Client
  readonly stores: Stores
  close(): Promise<void>
}

/**
 * Opens what a client needs: a connection to the Temporal server and the stores. Workers are another matter: `perdure worker`,
 * or a local stack.
 * @param temporalAddress of a stack's own server; otherwise the configuration's
 * @throws PerdureError `server-unavailable`
 */
export async function connect(config: Config, temporalAddress?: string): Promise<PerdureConnection> {
  const temporal = await openTemporal(config, temporalAddress)
  const { connection } = temporal
  try {
    const stores = await openStores(config.stores)
    const embedder = openEmbedder(config.model)
    const clientOf = (tenant: Tenant | undefined): PerdureClient => createClient({ temporal, taskQueue: config.taskQueue, stores, embedder, tenant, ...(config.temporal.uiUrl !== undefined && { temporalUi: config.temporal.uiUrl }) })
    const client = clientOf(config.tenant)
    return {
      client,
      clientOf,
      temporal,
      stores,
      close: async () => {
        await Promise.allSettled([connection.close(), stores.close()])
      },
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/**
 * Temporal's own client with the configured keys, for what is about workflows and not about agents' memory.
 * @throws PerdureError `server-unavailable`
 */
export async function openTemporal(config: Config, temporalAddress?: string): Promise<Client> {
  const { namespace, apiKey } = config.temporal
  const address = temporalAddress ?? config.temporal.address ?? usualAddress
  const connection = await connectTemporal({ address, namespace, ...(apiKey === undefined ? {} : { apiKey }) }).catch((error: unknown) => {
    throw unreached(address, error)
  })
  return new Client({ connection, namespace, dataConverter: encryptedDataConverter(config.encryption) })
}
