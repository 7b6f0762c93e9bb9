import { nextBefore } from '../client/definition-page.ts'
import { compareDefinitions } from '../definition/compare-definitions.ts'
import type { DefinitionVersion, PerdureClient } from '../index.ts'
import type { ListedVersion } from './output/definition-lines.ts'

type Definitions = Pick<PerdureClient, 'definitions'>

/** The newest versions, at most so many: those that are large come in several pages. */
export async function* newestVersions(client: Definitions, agentId: string, most: number): AsyncGenerator<DefinitionVersion> {
  let before: number | undefined
  for (let left = most; left > 0; ) {
    const page = await client.definitions(agentId, { limit: left, ...(before !== undefined && { before }) })
    yield* page
    before = nextBefore(page)
    if (before === undefined) return
    left -= page.length
  }
}

/** Of those what is listed, each compared with the one before it; none is held longer than for that. */
export async function listedVersions(client: Definitions, agentId: string, most: number): Promise<readonly ListedVersion[]> {
  const listed: ListedVersion[] = []
  let later: DefinitionVersion | undefined
  // One more than is listed: what the last one is compared with.
  for await (const version of newestVersions(client, agentId, most + 1)) {
    if (later !== undefined) listed.push(listedVersion(later, version))
    later = version
  }
  return later === undefined || listed.length === most ? listed : [...listed, listedVersion(later)]
}

function listedVersion({ agentId, version, definition, author, turn, at }: DefinitionVersion, earlier?: DefinitionVersion): ListedVersion {
  return { version, author, turn, at, changed: earlier === undefined ? [] : compareDefinitions(agentId, earlier.definition, definition).map(({ field }) => field) }
}
