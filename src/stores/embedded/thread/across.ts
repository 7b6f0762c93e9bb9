import type { Functions } from '../../../threads/answer-calls.ts'
import type { ArchivalStore, EmbeddingSpace } from '../../archival.ts'
import type { MemoryStore } from '../../stores.ts'
import type { MemoryFile } from '../open.ts'
import { functionsOf, objectOf } from './functions-of.ts'
import { reindexingBy, reindexingFunctions, type ReindexingFunctions } from './reindexing-functions.ts'

/** What the thread that has a memory file open can be asked for. */
interface Remote {
  readonly memory: MemoryStore
  readonly archival: Omit<ArchivalStore, 'reindexing'>
  readonly reindexing: ReindexingFunctions
  readonly close: () => Promise<void>
}

/** All of an open memory file, as functions whose arguments and results can be cloned. */
export const memoryFileFunctions = (opened: MemoryFile): Functions =>
  functionsOf({ ...opened, reindexing: reindexingFunctions((to) => opened.archival.reindexing(to)) })

/** The memory file whose functions of these names `call` calls. */
export function memoryFileBy(names: readonly string[], call: (name: string, args: readonly unknown[]) => Promise<unknown>): MemoryFile {
  const { memory, archival, reindexing, close } = objectOf(names, call) as Remote
  return {
    memory,
    archival: {
      ...archival,
      exchanges: {
        insert: (agentId, parts, space) => archival.exchanges.insert(agentId, parts, alone(space)),
        latest: (agentId, space) => archival.exchanges.latest(agentId, alone(space)),
        nearest: (agentId, query, space) => archival.exchanges.nearest(agentId, query, alone(space)),
        isInForce: (space) => archival.exchanges.isInForce(alone(space)),
        others: (space) => archival.exchanges.others(alone(space)),
        keepOnly: (space) => archival.exchanges.keepOnly(alone(space)),
      },
      insert: (passages, space) => archival.insert(passages, alone(space)),
      search: (agentId, query, space) => archival.search(agentId, query, alone(space)),
      edit: (edited, space) => archival.edit(edited, alone(space)),
      reindexing: (to) => reindexingBy(reindexing, alone(to)),
    },
    close,
  }
}

/** An embedder is a space too, and its functions go to no thread. */
const alone = ({ model, dimensions }: EmbeddingSpace): EmbeddingSpace => ({ model, dimensions })
