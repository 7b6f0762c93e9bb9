import type { StoresConfig } from '../config.ts'
import { openEmbeddedStores } from './embedded/open.ts'
import { openServerStores } from './servers.ts'
import type { Stores } from './stores.ts'

/**
 * The set of stores that the configuration names.
 * @throws PerdureError `server-unavailable`
 */
export function openStores(config: StoresConfig): Promise<Stores> {
  return config.kind === 'servers' ? openServerStores(config) : openEmbeddedStores(config)
}
