import { existsSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { embeddingSpaceOf } from '../config/embeddings.ts'
import type { Embedder } from '../model/model.ts'
import { messageOf } from '../protocol/errors.ts'
import type { ArchivalStore, EmbeddingSpace, Passage } from '../stores/archival.ts'
import type { ExchangePlace } from '../stores/exchanges.ts'
import { withStores } from '../stores/open.ts'
import { embedPatiently } from './embed-patiently.ts'
import { reindexExchanges, type ReindexExchangesOptions, type ReindexExchangesReport } from './reindex-exchanges.ts'
import { embedWhatIsTaken, type RequestSize } from '../recall/embed-what-is-taken.ts'
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
  /** What the embedding model refuses: it has no vector, and is found by its words alone until another run embeds it. */
  readonly refusedPassages: readonly (Pick<Passage, 'agentId' | 'op' | 'source'> & Refused)[]
}

interface Refused {
  readonly reason: string
}

/** With what was done for recall memory. */
export interface WholeReindexReport extends ReindexReport, ReindexExchangesReport {
  /** Of exchanges: what the embedding model refuses, and is found by its words alone. */
  readonly refused: readonly (ExchangePlace & { readonly agentId: string } & Refused)[]
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
 * that have left a context and have no vector of it yet. A text that the model always refuses is left out, and told of in the report.
 * Broken off at any moment, it is run again and goes on where it was. Needs no Temporal server.
 * @throws PerdureError `embedding-mismatch` where it is run for two models at once; `server-unavailable`, `model-unreachable`, `model-refused`, `config-invalid`
 */
export async function reindexStores(config: Config, options: ReindexOptions): Promise<WholeReindexReport> {
  const { stores: where, model } = config
  const to = embeddingSpaceOf(model)
  const nothing = { stored: undefined, to, passages: new Map(), unembedded: 0, requests: 0, leftovers: false, embedded: 0, refusedPassages: [], exchanges: 0, formerExchanges: [], refused: [] }
  if (where.kind === 'embedded' && !existsSync(where.file)) return nothing
  return withStores(where, async (stores) => {
    const { embedder, close } = await openModel(config)
    try {
      const report = await reindex(stores.archival, embedder, options)
      const { onProgress } = options
      const refused: WholeReindexReport['refused'][number][] = []
      const onRefused: ReindexExchangesOptions['onRefused'] = ({ agentId, first, last, reason }) => refused.push({ agentId, first, last, reason: messageOf(reason) })
      const exchanges = await reindexExchanges(stores, embedder, { dryRun: options.dryRun, onRefused, ...(onProgress && { onProgress: (done) => onProgress(report.embedded + done, report.embedded + done) }) })
      return { ...report, ...exchanges, refused }
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
  const report = { stored, to, passages, unembedded, requests: Math.ceil(unembedded / batch), leftovers, embedded: 0, refusedPassages: [] }
  const differs = stored !== undefined && (stored.model !== to.model || stored.dimensions !== to.dimensions)
  if (dryRun || (!differs && !leftovers && unembedded === 0)) return report

  let embedded = 0
  const size: RequestSize = { texts: batch, most: batch }
  // Each pass has them again; a text that is refused once is asked for no more.
  const refused = new Map<string, ReindexReport['refusedPassages'][number]>()
  const embed = async (found: readonly Passage[]): Promise<readonly (readonly number[] | undefined)[]> => {
    const asked = found.filter((passage) => !refused.has(versionOf(passage)))
    const onRefused = (index: number, reason: unknown): void => {
      const passage = asked[index]
      if (passage === undefined) return
      const { agentId, op, source } = passage
      refused.set(versionOf(passage), { agentId, op, source, reason: messageOf(reason) })
    }
    const made = await embedWhatIsTaken((texts) => embedPatiently(embedder, texts), { texts: asked.map(({ text }) => text), size, onRefused })
    const vectors = new Map(asked.map((passage, index) => [passage, made[index]]))
    return found.map((passage) => vectors.get(passage))
  }
  const pass = async (): Promise<number> => {
    let kept = 0
    for await (const { passages: found, keep } of change.unembedded(batch)) {
      if (found.length === 0) continue
      const count = await keep(await embed(found))
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
  return { ...report, embedded, refusedPassages: [...refused.values()] }
}

/** One that is edited meanwhile is another text. */
const versionOf = ({ agentId, op, edits = [] }: Passage): string => JSON.stringify([agentId, op, edits.length])
