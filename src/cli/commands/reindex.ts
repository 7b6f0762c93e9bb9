import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { progressLine, secondsSince } from '../../stack/progress.ts'
import type { ReindexReport, WholeReindexReport } from '../../operations/reindex.ts'
import { columns } from '../output/columns.ts'
import { exitStatus, type ExitStatus } from '../output/exit-status.ts'
import { printable } from '../output/printable.ts'

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
  const onProgress = (done: number, of: number): void => progress.update(`embedding: ${figure(done)} of ${figure(of)}`, secondsSince(begin))
  const { reindexStores } = await import('../../operations/reindex.ts')
  const report = await reindexStores(readConfig(process.env), { dryRun, onProgress }).finally(() => progress.done())
  process.stdout.write(`${reindexLines(report, dryRun).join('\n')}\n`)
  process.exitCode = reindexStatus(report)
}

/** A script is to learn that a text is found by its words alone, also where all else is done. */
export const reindexStatus = ({ refusedPassages, refused }: WholeReindexReport): ExitStatus => (refusedPassages.length + refused.length > 0 ? exitStatus.failure : exitStatus.ok)

/** What was done, or would be, in archival and in recall memory. */
export function reindexLines({ exchanges, formerExchanges, refused, ...passages }: WholeReindexReport, dryRun: boolean): readonly string[] {
  const embedded = exchanges === 0 ? [] : [`${figure(exchanges)} exchanges that have left the context of an agent ${dryRun ? 'are to be embedded' : 'were embedded'}: recall memory is found by meaning then`]
  const leftOut = refused.map(({ agentId, first, last, reason }) => `a text of messages ${first} to ${last} of ${agentId} is refused by the embedding model, and found by its words alone: ${reason}`)
  const former = formerExchanges.map((of) => `${figure(of.vectors)} vectors of exchanges of ${nameOf(of)} ${dryRun ? 'are to be' : 'were'} removed`)
  const exchangeLines = [...embedded, ...former, ...leftOut]
  return [...passageLines(passages, dryRun, exchangeLines.length > 0), ...refusedLines(passages), ...exchangeLines]
}

function refusedLines({ refusedPassages, to }: ReindexReport): readonly string[] {
  const count = refusedPassages.length
  if (count === 0) return []
  return [
    `${figure(count)} ${count === 1 ? 'passage is' : 'passages are'} refused by the embedding model, and found by words alone: no vector of ${nameOf(to)}. Another \`perdure reindex\` asks for them again`,
    ...refusedPassages.map(({ agentId, op, source, reason }) => `  ${printable(op)} of ${agentId}, from ${printable(source)}: ${printable(reason)}`),
  ]
}

function passageLines({ stored, to, passages, unembedded, requests, leftovers, embedded }: ReindexReport, dryRun: boolean, more: boolean): readonly string[] {
  const total = [...passages.values()].reduce((sum, count) => sum + count, 0)
  if (stored === undefined || total === 0) return ['archival memory holds no passages: the first one decides the embedding model']
  const same = nameOf(stored) === nameOf(to)
  if (same && !leftovers && unembedded > 0) {
    return [dryRun ? `${figure(unembedded)} of ${figure(total)} passages have no vector of ${nameOf(to)}, the embedding model that is set, and are to be embedded` : `${figure(embedded)} of ${figure(unembedded)} passages that had no vector of ${nameOf(to)} were embedded`]
  }
  if (same && !leftovers) return [`all ${figure(total)} passages are of ${nameOf(to)}, the embedding model that is set${more ? '' : '; nothing to do'}`]
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
