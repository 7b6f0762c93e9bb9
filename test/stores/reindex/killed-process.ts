/** `perdure reindex` as a process of its own, which kills itself at the moment that it is told, if one is. */
import { reindex } from '../../../src/operations/reindex.ts'
import type { ArchivalStore, Reindexing } from '../../../src/stores/archival.ts'
import { openEmbeddedStores } from '../../../src/stores/embedded/open.ts'
import { openQdrantArchival } from '../../../src/stores/qdrant/open.ts'
import { embedderOf } from '../archival/reindex-samples.ts'

const [where = '', model = '', dimensions = '', moment = 'never'] = process.argv.slice(2)
const { file, url = '', collection = '' } = JSON.parse(where) as { readonly file?: string; readonly url?: string; readonly collection?: string }

const at = (name: string): void => {
  if (name === moment) process.kill(process.pid, 'SIGKILL')
}

function killedAt(change: Reindexing): Reindexing {
  let kept = 0
  return {
    survey: () => change.survey(),
    prepare: async () => {
      await change.prepare()
      at('prepared')
    },
    async *unembedded(batch) {
      for await (const { passages, keep } of change.unembedded(batch)) {
        yield {
          passages,
          keep: async (vectors) => {
            const count = await keep(vectors)
            kept += 1
            at(`kept ${kept}`)
            return count
          },
        }
      }
    },
    switchOver: async () => {
      at('all embedded')
      await change.switchOver()
      at('switched over')
    },
    dropFormer: async () => {
      await change.dropFormer()
      at('former dropped')
    },
  }
}

const archival: ArchivalStore = file === undefined ? await openQdrantArchival({ url, collection }) : (await openEmbeddedStores({ file })).archival
const embedder = embedderOf({ model, dimensions: Number(dimensions) }, async (call) => at(`asking ${call}`))
const { embedded } = await reindex({ ...archival, reindexing: (to) => killedAt(archival.reindexing(to)) }, embedder, { dryRun: false })
process.stdout.write(`embedded ${embedded}\n`)
await archival.close()
