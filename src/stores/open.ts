import type { Stores } from './stores.ts'
import { withPackages } from './with-packages.ts'

const what = 'these stores'

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
    const { openServerStores } = await withPackages({ what, packages: ['mongodb', '@qdrant/js-client-rest'] }, () => import('./servers.ts'))
    return openServerStores(config)
  }
  return withPackages({ what, packages: ['libsql'] }, async () => {
    const { openEmbeddedStores } = await import('./embedded/open.ts')
    const { openInThread } = await import('./embedded/thread/open-in-thread.ts')
    return openEmbeddedStores({ file: config.file, open: openInThread })
  })
}

/** The same for one use: they are closed after it, however it ends. */
export async function withStores<Result>(config: StoresConfig, use: (stores: Stores) => Promise<Result>): Promise<Result> {
  const stores = await openStores(config)
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}
