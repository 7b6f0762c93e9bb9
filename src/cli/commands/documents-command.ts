import type { Command } from 'commander'
import type { LoadProgress, LoadResult } from '../../client/documents.ts'
import { readConfig } from '../../config/config.ts'
import type { PerdureClient } from '../../client/perdure-client.ts'
import { findFiles, type LeftOut } from '../../documents/files/find-files.ts'
import { meantNames } from '../../documents/files/meant-names.ts'
import { readFiles } from '../../documents/files/read-files.ts'
import { progressLine, secondsSince } from '../../stack/progress.ts'
import type { StoredDocument } from '../../protocol/documents.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { exitStatus } from '../output/exit-status.ts'
import { asJson, printJson, type JsonOption } from '../output/json-lines.ts'
import { loadingLine } from '../output/loading-line.ts'
import { printable } from '../output/printable.ts'
import { counted } from '../output/text.ts'
import { withAgents } from '../with-agents.ts'

/** Names read at once. */
const listedAtOnce = 1_000
/** The most names of a folder's documents that are told before they go. */
const mostTold = 20

/** `load`, `unload` and `documents`. */
export function addDocumentCommands(program: Command): void {
  program
    .command('load')
    .argument('<agent>', 'the agent')
    .argument('<paths...>', 'files, and folders of them: PDF, Office and OpenDocument, EPUB, FB2, RTF, HTML, Markdown, CSV, mail, notebooks, JSON, YAML, subtitles, calendars, address cards, source code, text')
    .description("loads documents into an agent's archival memory; what is there already, unchanged, is left as it is")
    .action(load)
  program.command('unload').argument('<agent>', 'the agent').argument('<names...>', 'as `documents` gives them, or folders that they lie in').description('takes documents out of archival memory').action(unload)
  asJson(program.command('documents').argument('<agent>', 'the agent').description("lists an agent's documents, by name"))
    .option('--limit <number>', 'so many at the most (default: all)', wholeNumberOption)
    .option('--offset <number>', 'leaves out so many at the beginning', wholeNumberOption, 0)
    .action(list)
}

async function load(agentId: string, paths: readonly string[]): Promise<void> {
  const unreadable: LeftOut[] = []
  const progress = progressLine(process.stderr)
  await withAgents(readConfig(process.env), async ({ connection: { client } }) => {
    const startedAt = performance.now()
    // First of all: who mistypes the agent's name is not to wait for a look at all files.
    await client.documents(agentId, { limit: 1 })
    const files = findFiles(paths, (file) => unreadable.push(file))
    const onProgress = (loading: LoadProgress): void => progress.update(loadingLine(loading, files.length), secondsSince(startedAt))
    const result = await client.loadDocuments(agentId, readFiles(files, (file) => unreadable.push(file)), { onProgress }).finally(() => progress.done())
    const within = new Set(files.filter((file) => file.within).map(({ name }) => name))
    report({ ...result, failed: [...unreadable, ...result.failed] }, within, secondsSince(startedAt))
  })
}

/** @param within names of files that were found in folders: without a text they are no failure, as nobody has said that they hold one */
function report({ loaded, unchanged, passages, failed: notLoaded, partly }: LoadResult, within: ReadonlySet<string>, took: number): void {
  const isEmpty = ({ name, code, stays }: LoadResult['failed'][number]): boolean => code === 'document-empty' && stays === undefined && within.has(name)
  const empty = notLoaded.filter(isEmpty)
  const failed = notLoaded.filter((file) => !isEmpty(file))
  for (const { name, detail } of partly) process.stderr.write(`${printable(name)}: loaded, but not all of it: ${printable(detail)}\n`)
  for (const { name } of empty) process.stderr.write(`${printable(name)}: without text, nothing to load\n`)
  for (const { name, code, detail, stays } of failed) process.stderr.write(`${printable(name)}: ${code}: ${printable(detail)}${stays === undefined ? '' : '; what was loaded under this name before stays'}\n`)
  const others = [[unchanged, 'unchanged'], [empty.length, 'without text'], [failed.length, 'failed']] as const
  const parts = [`${counted(loaded, 'document')} loaded (${counted(passages, 'passage')}, ${took} s)`, ...others.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))]
  process.stdout.write(`${parts.join(', ')}\n`)
  if (failed.length > 0) process.exitCode = exitStatus.failure
}

async function unload(agentId: string, given: readonly string[]): Promise<void> {
  await withAgents(readConfig(process.env), async ({ connection: { client } }) => {
    const known = await namesOf(client, agentId)
    const meant = given.map((name) => ({ name, ...meantNames(name, known) }))
    for (const { folder, names } of meant) if (folder !== undefined) process.stdout.write(`${folderLine(folder, names)}\n`)
    const { removed } = await client.unloadDocuments(agentId, meant.flatMap(({ names }) => names))
    process.stdout.write(`${counted(removed, 'document')} removed\n`)
    const missing = meant.filter(({ names }) => names.length === 0)
    for (const { name } of missing) process.stderr.write(`${printable(name)} is no document of ${agentId}, and no folder of such; \`perdure documents ${agentId}\` lists them\n`)
    if (missing.length > 0) process.exitCode = exitStatus.notFound
  })
}

async function namesOf(client: PerdureClient, agentId: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (let offset = 0; ; offset += listedAtOnce) {
    const { total, documents } = await client.documents(agentId, { offset, limit: listedAtOnce })
    for (const { name } of documents) names.add(name)
    if (documents.length === 0 || offset + documents.length >= total) return names
  }
}

function folderLine(folder: string, names: readonly string[]): string {
  const told = names.slice(0, mostTold).map((name) => printable(name)).join(', ')
  return `${printable(folder)} is a folder of ${counted(names.length, 'document')}: ${told}${names.length > mostTold ? `, and ${names.length - mostTold} more` : ''}`
}

async function list(agentId: string, { json, limit = Infinity, offset }: JsonOption & { readonly limit?: number; readonly offset: number }): Promise<void> {
  await withAgents(readConfig(process.env), async ({ connection: { client } }) => {
    for (let listed = 0; listed < limit; ) {
      const { total, documents } = await client.documents(agentId, { offset: offset + listed, limit: Math.min(listedAtOnce, limit - listed) })
      if (total === 0 && json !== true) process.stdout.write('no documents\n')
      if (json === true) printJson(documents.map(shown))
      else for (const document of documents) process.stdout.write(`${line(document)}\n`)
      listed += documents.length
      if (documents.length === 0 || offset + listed >= total) return
    }
  }, { worker: 'unneeded' })
}

/** What programs get. */
function shown({ name, status, bytes, at, format, pages, chunks, code, detail, unread }: StoredDocument): object {
  return { name, status, bytes, at, format, pages, passages: chunks, code, detail, unread }
}

function line({ name, status, format = '', pages, chunks = 0, code, unread }: StoredDocument): string {
  const what = status === 'loaded' ? `${format}, ${pages === undefined ? '' : `${counted(pages, 'page')}, `}${counted(chunks, 'passage')}${unread === undefined ? '' : ` (not all of it: ${printable(unread)})`}` : status === 'failed' ? `failed: ${code ?? ''}` : status
  return `${printable(name)}  ${what}`
}

