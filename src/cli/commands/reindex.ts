import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { progressLine } from '../../stack/progress.ts'
import type { ReindexReport, WholeReindexReport } from '../../operations/reindex.ts'
import { columns } from '../output/columns.ts'

/** Seconds between two lines where lines can't be overwritten. */
const sparse = 15

export function addReindexCommand(program: Command): void {
  program
    .command('reindex')
    .description('embeds all passages, and what has left the contexts of agents, with the embedding model that the settings name, while workers with the former one go on. May be interrupted and repeated')
    .option('--dry-run', 'change nothing, ask the model nothing, and say what there would be to do')
    .action(reindex)
}

async function reindex({ dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const progress = progressLine(process.stderr)
  const begin = performance.now()
  let told = -sparse
  const onProgress = (done: number, of: number): void => {
    const seconds = Math.round((performance.now() - begin) / 1_000)
    if (!process.stderr.isTTY && seconds - told < sparse) return
    told = seconds
    progress.update(`embedding: ${figure(done)} of ${figure(of)}`, seconds)
  }
  const { reindexStores } = await import('../../operations/reindex.ts')
  const report = await reindexStores(readConfig(process.env), { dryRun, onProgress }).finally(() => progress.done())
  process.stdout.write(`${reindexLines(report, dryRun).join('\n')}\n`)
}

/** What was done, or would be, in archival and in recall memory. */
export function reindexLines({ exchanges, ...passages }: WholeReindexReport, dryRun: boolean): readonly string[] {
  const embedded = exchanges === 0 ? [] : [`${figure(exchanges)} exchanges that have left the context of an agent ${dryRun ? 'are to be embedded' : 'were embedded'}: recall memory is found by meaning then`]
  return [...passageLines(passages, dryRun), ...embedded]
}

function passageLines({ stored, to, passages, unembedded, requests, leftovers, embedded }: ReindexReport, dryRun: boolean): readonly string[] {
  const total = [...passages.values()].reduce((sum, count) => sum + count, 0)
  if (stored === undefined || total === 0) return ['archival memory holds no passages: the first one decides the embedding model']
  const same = nameOf(stored) === nameOf(to)
  if (same && !leftovers) return [`all ${figure(total)} passages are of ${nameOf(to)}, the embedding model that is set; nothing to do`]
  if (!dryRun) {
    return [
      `${figure(total)} passages were found, of ${nameOf(stored)}; ${figure(embedded)} were embedded with ${nameOf(to)}, which is in force now`,
      ...(same ? [] : ['restart the workers that still have the former setting: theirs are refused (embedding-mismatch)']),
    ]
  }
  const begun = total - unembedded > 0 ? `; ${figure(Math.max(0, total - unembedded))} are embedded already` : ''
  return [
    ...columns([
      ['in force', nameOf(stored)],
      ['set', nameOf(to)],
    ]),
    ...columns([...passages].map(([agentId, count]) => [`  ${agentId}`, figure(count), 'passages'])),
    same
      ? `a change to ${nameOf(to)} was not finished, or one to another model was given up: ${figure(unembedded)} passages are to be embedded, and then the other vectors removed`
      : `${figure(unembedded)} passages are to be embedded${begun}: about ${figure(requests)} ${requests === 1 ? 'request' : 'requests'} to the model's endpoint`,
  ]
}

const figure = (count: number): string => count.toLocaleString('en-US')

const nameOf = ({ model, dimensions }: ReindexReport['to']): string => `${model} (${dimensions} dimensions)`
