import { existsSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { embeddingSpaceOf } from '../config/embeddings.ts'
import type { Embedder } from '../model/model.ts'
import type { ArchivalStore, EmbeddingSpace } from '../stores/archival.ts'
import { withStores } from '../stores/open.ts'
import { embedPatiently } from './embed-patiently.ts'
import { reindexExchanges } from './reindex-exchanges.ts'
import { openModel } from '../worker/open-model.ts'

export interface ReindexReport {
  /** Space of the vectors before; undefined where there were no passages. */
  readonly stored: EmbeddingSpace | undefined
  readonly to: EmbeddingSpace
  /** By agent. */
  readonly passages: ReadonlyMap<string, number>
  /** Passages that had no vector of the model when it began. */
  readonly unembedded: number
  /** Requests to the model's endpoint that these need, about. */
  readonly requests: number
  /** Vectors of another model were still there when it began: of a change that was broken off, before or after its switch. */
  readonly leftovers: boolean
  /** Passages that it embedded; 0 in a dry run. */
  readonly embedded: number
}

/** With what was done for recall memory. */
export interface WholeReindexReport extends ReindexReport {
  /** Exchanges that it embedded; in a dry run, that it would embed. */
  readonly exchanges: number
}

export interface ReindexOptions {
  readonly dryRun: boolean
  /** Told after each batch. `of` grows with what is inserted meanwhile. */
  readonly onProgress?: (done: number, of: number) => void
}

/** Texts of one request to the endpoint; a kill costs no more than one. */
const batch = 64

/**
 * Embeds all passages of all agents anew with the embedding model of the configuration, while workers with the former one go on; and the exchanges
 * that have left a context and have no vector of it yet.
 * Broken off at any moment, it is run again and goes on where it was. Needs no Temporal server.
 * @throws PerdureError `embedding-mismatch` where it is run for two models at once; `server-unavailable`, `model-unreachable`, `model-refused`, `config-invalid`
 */
export async function reindexStores(config: Config, options: ReindexOptions): Promise<WholeReindexReport> {
  const { stores: where, model } = config
  const to = embeddingSpaceOf(model)
  const nothing = { stored: undefined, to, passages: new Map(), unembedded: 0, requests: 0, leftovers: false, embedded: 0, exchanges: 0 }
  if (where.kind === 'embedded' && !existsSync(where.file)) return nothing
  return withStores(where, async (stores) => {
    const { embedder, close } = await openModel(config)
    try {
      const report = await reindex(stores.archival, embedder, options)
      const { onProgress } = options
      const exchanges = await reindexExchanges(stores, embedder, { dryRun: options.dryRun, ...(onProgress && { onProgress: (done) => onProgress(report.embedded + done, report.embedded + done) }) })
      return { ...report, exchanges }
    } finally {
      await close()
    }
  })
}

/** The same, with what is opened already. */
export async function reindex(archival: ArchivalStore, embedder: Embedder, { dryRun, onProgress }: ReindexOptions): Promise<ReindexReport> {
  const to = { model: embedder.model, dimensions: embedder.dimensions }
  const change = archival.reindexing(to)
  const { stored, passages, unembedded, leftovers } = await change.survey()
  const report = { stored, to, passages, unembedded, requests: Math.ceil(unembedded / batch), leftovers, embedded: 0 }
  const differs = stored !== undefined && (stored.model !== to.model || stored.dimensions !== to.dimensions)
  if (dryRun || (!differs && !leftovers && unembedded === 0)) return report

  let embedded = 0
  const pass = async (): Promise<number> => {
    let kept = 0
    for await (const { texts, keep } of change.unembedded(batch)) {
      if (texts.length === 0) continue
      const count = await keep(await embedPatiently(embedder, texts))
      kept += count
      embedded += count
      onProgress?.(embedded, Math.max(unembedded, embedded))
    }
    return kept
  }
  // An endpoint that answers with other dimensions than were set is found out before anything is changed.
  if (unembedded > 0) await embedPatiently(embedder, ['dimensions'])
  await change.prepare()
  // Workers insert meanwhile: each pass takes what came during the last one, until that is little.
  while ((await pass()) > batch);
  await change.switchOver()
  // Takes the passages that were inserted with the former vectors until the switch.
  while ((await pass()) > 0);
  await change.dropFormer()
  return { ...report, embedded }
}
