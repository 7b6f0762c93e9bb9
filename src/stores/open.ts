import { PerdureError } from '../protocol/errors.ts'
import type { Stores } from './stores.ts'

/** Which set of stores, and where. */
export type StoresConfig =
  | { readonly kind: 'servers'; readonly mongodbUri: string; readonly qdrantUrl: string; readonly qdrantApiKey?: string }
  | { readonly kind: 'embedded'; readonly file: string }

/**
 * The set of stores that the configuration names. Its drivers are loaded here, and need be installed only where they are used.
 * @throws PerdureError `server-unavailable`; `config-invalid` where the package of a driver is not installed
 */
export async function openStores(config: StoresConfig): Promise<Stores> {
  if (config.kind === 'servers') {
    const { openServerStores } = await withDrivers(['mongodb', '@qdrant/js-client-rest'], () => import('./servers.ts'))
    return openServerStores(config)
  }
  const { openEmbeddedStores } = await withDrivers(['libsql'], () => import('./embedded/open.ts'))
  return openEmbeddedStores(config)
}

async function withDrivers<Module>(packages: readonly string[], load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && packages.some((name) => error.message.includes(`'${name}'`))
    if (!missing) throw error
    throw new PerdureError('config-invalid', `these stores need ${packages.join(' and ')}, which can't be found; run \`npm install ${packages.join(' ')}\``, { cause: error })
  }
}
