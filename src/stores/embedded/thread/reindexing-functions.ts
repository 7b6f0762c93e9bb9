import { randomUUID } from 'node:crypto'
import { PerdureError } from '../../../protocol/errors.ts'
import type { ArchivalStore, EmbeddingSpace, Passage, Reindexing, UnembeddedPassages } from '../../archival.ts'

type Vectors = readonly (readonly number[] | undefined)[]

/** What a pass over the passages gave last, and an id by which their vectors are kept. */
export interface Batch {
  readonly passages: readonly Passage[]
  readonly id: string
}

/** A change of all vectors, in functions that one thread can call of another: each says which change, and a pass has an id. */
export interface ReindexingFunctions {
  readonly survey: (to: EmbeddingSpace) => ReturnType<Reindexing['survey']>
  readonly prepare: (to: EmbeddingSpace) => Promise<void>
  readonly switchOver: (to: EmbeddingSpace) => Promise<void>
  readonly dropFormer: (to: EmbeddingSpace) => Promise<void>
  readonly beginPass: (to: EmbeddingSpace, batch: number) => Promise<string>
  /** Undefined behind the last. */
  readonly next: (pass: string) => Promise<Batch | undefined>
  readonly keep: (batch: string, vectors: Vectors) => Promise<number>
  readonly endPass: (pass: string) => Promise<void>
}

/**
 * In the thread that has the file open. A pass of a thread that has died is known to none: it is not over, and nothing of it was kept.
 */
export function reindexingFunctions(reindexing: ArchivalStore['reindexing']): ReindexingFunctions {
  const passes = new Map<string, { readonly batches: AsyncIterator<UnembeddedPassages>; last?: string }>()
  const batches = new Map<string, UnembeddedPassages['keep']>()
  return {
    survey: async (to) => reindexing(to).survey(),
    prepare: async (to) => reindexing(to).prepare(),
    switchOver: async (to) => reindexing(to).switchOver(),
    dropFormer: async (to) => reindexing(to).dropFormer(),
    beginPass: async (to, batch) => {
      const id = randomUUID()
      passes.set(id, { batches: reindexing(to).unembedded(batch)[Symbol.asyncIterator]() })
      return id
    },
    next: async (passId) => {
      const pass = passes.get(passId)
      if (pass === undefined) throw brokenOff()
      if (pass.last !== undefined) batches.delete(pass.last)
      const found = await pass.batches.next()
      if (found.done === true) return undefined
      const id = randomUUID()
      pass.last = id
      batches.set(id, found.value.keep)
      return { passages: found.value.passages, id }
    },
    keep: async (batchId, vectors) => {
      const keep = batches.get(batchId)
      if (keep === undefined) throw brokenOff()
      return keep(vectors)
    },
    endPass: async (passId) => {
      const pass = passes.get(passId)
      passes.delete(passId)
      if (pass?.last !== undefined) batches.delete(pass.last)
      await pass?.batches.return?.()
    },
  }
}

const brokenOff = (): PerdureError => new PerdureError('server-unavailable', 'the thread that has the memory file open was started anew in the middle of a pass over the passages; begin the pass again')

/** In another thread: the change that those functions make there. */
export function reindexingBy({ beginPass, next, keep, endPass, ...functions }: ReindexingFunctions, to: EmbeddingSpace): Reindexing {
  return {
    survey: async () => functions.survey(to),
    prepare: async () => functions.prepare(to),
    switchOver: async () => functions.switchOver(to),
    dropFormer: async () => functions.dropFormer(to),
    async *unembedded(batch) {
      const pass = await beginPass(to, batch)
      try {
        for (let found = await next(pass); found !== undefined; found = await next(pass)) {
          const { passages, id } = found
          yield { passages, keep: async (vectors) => keep(id, vectors) }
        }
      } finally {
        await endPass(pass)
      }
    },
  }
}
