import { openEmbeddedStores } from './embedded/open.ts'
import { openServerStores } from './servers.ts'
import type { Stores } from './stores.ts'

/** Which set of stores, and where. */
export type StoresConfig =
  | { readonly kind: 'servers'; readonly mongodbUri: string; readonly qdrantUrl: string; readonly qdrantApiKey?: string }
  | { readonly kind: 'embedded'; readonly file: string }

/**
 * The set of stores that the configuration names.
 * @throws PerdureError `server-unavailable`
 */
export function openStores(config: StoresConfig): Promise<Stores> {
  return config.kind === 'servers' ? openServerStores(config) : openEmbeddedStores(config)
}
