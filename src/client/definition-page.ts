import { limits } from '../protocol/limits.ts'
import type { DefinitionStore, DefinitionVersion } from '../stores/definitions.ts'

/** So many are read at once: each may be as large as a page. */
const readAtOnce = 8

/** Newest first, as many versions as are asked for, or as fit into a page; one at least, however large. */
export async function definitionPage(definitions: Pick<DefinitionStore, 'history'>, key: string, { limit, before }: { readonly limit: number; readonly before: number | undefined }): Promise<readonly DefinitionVersion[]> {
  const page: DefinitionVersion[] = []
  let bytes = 0
  for (;;) {
    const wanted = Math.min(readAtOnce, limit - page.length)
    const below = page.at(-1)?.version ?? before
    const read = await definitions.history(key, { limit: wanted, ...(below !== undefined && { before: below }) })
    for (const version of read) {
      bytes += Buffer.byteLength(JSON.stringify(version))
      if (page.length > 0 && bytes > limits.pageBytes) return page
      page.push(version)
    }
    if (read.length < wanted || page.length === limit) return page
  }
}

/** Where the page after this one begins: the first version of all is the end. */
export const nextBefore = (page: readonly Pick<DefinitionVersion, 'version'>[]): number | undefined => page.slice(-1).find(({ version }) => version > 1)?.version
