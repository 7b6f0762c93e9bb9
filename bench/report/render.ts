import { aimsById, isReached, type Aim } from './aims.ts'
import type { Machine } from './machine.ts'
import type { Result, Results } from './results.ts'
import { commandOf, runs, type Run } from './runs.ts'

/** All of docs/performance.md, of what was measured. */
export function renderPerformance(results: Results): string {
  return [
    '# Performance',
    'This document is written by `npm run bench`, or from what that has kept ([`results.json`](../bench/report/results.json)) by `npx tsx scripts/performance-doc.ts`. Figures of one run may be compared with each other, and not with another machine\'s. Where the load at the start is above the number of cores, others had the machine too, and each time is an upper bound.',
    '## What they were measured on',
    machinesTable(results),
    '## Aims',
    aimsTable(results),
    ...runs.flatMap((run) => [`## ${run.title}`, ...sectionOf(results[run.name], run)]),
    '',
  ].join('\n\n').trimEnd() + '\n'
}

/** @param of the runs whose aims are shown; all aims where none are named */
export function aimsTable(results: Results, of?: readonly string[]): string {
  const shown = [...aimsById].filter(([, { run }]) => of === undefined || of.includes(run))
  const rows = shown.map(([id, aim]) => {
    const result = results[aim.run]
    const value = result?.figures[id]
    return [aim.what, boundOf(aim), value === undefined ? '–' : withUnit(aim, value), stateOf(aim, value), whyOf(aim, value, result)]
  })
  return table(['what', 'aim', 'figure', '', 'why not, and what else is to be known'], rows)
}

function boundOf(aim: Aim): string {
  return 'most' in aim.bound ? `at most ${withUnit(aim, aim.bound.most)}` : `at least ${withUnit(aim, aim.bound.least)}`
}

function withUnit({ unit }: Aim, value: number): string {
  const number = value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
  return unit === '' ? number : `${number} ${unit}`
}

function stateOf(aim: Aim, value: number | undefined): string {
  if (value === undefined) return 'not measured'
  return isReached(aim, value) ? 'reached' : '**missed**'
}

function whyOf(aim: Aim, value: number | undefined, result: Result | undefined): string {
  if (result === undefined) return `\`npm run bench -- ${aim.run}\` has not been run.`
  if (value === undefined && result.failed === undefined) return 'The bench has told no such figure.'
  const others = result.load > result.machine.cores ? `Others had the machine too: load ${result.load} on ${result.machine.cores} cores.` : undefined
  const missed = value !== undefined && !isReached(aim, value) ? [aim.why, others] : []
  const run = runs.find(({ name }) => name === aim.run)
  return [...missed, aim.beside, brokenOff(result), run && older(result, run)].filter((why) => why !== undefined).join(' ')
}

/** An aim may be reached by what was measured till then, and missed by what was not. */
function brokenOff({ failed }: Result): string | undefined {
  return failed === undefined ? undefined : `The run did not come to its end: ${failed}.`
}

function older({ at }: Result, { changed }: Run): string | undefined {
  return changed !== undefined && at < changed.at ? `The figures are older than the bench: ${changed.what}.` : undefined
}

function machinesTable(results: Results): string {
  const rows = runs.flatMap(({ name }) => {
    const result = results[name]
    if (result === undefined) return []
    const { machine, at, load, seconds, servers, failed } = result
    return [[name, at.slice(0, 16).replace('T', ' '), machineOf(machine), servers.length === 0 ? '–' : servers.join('; '), load.toFixed(1), `${seconds} s`, failed ?? 'whole']]
  })
  return table(['bench', 'at (UTC)', 'machine', 'servers', 'load at start', 'took', 'came to its end'], rows)
}

function machineOf({ cpu, cores, memoryGb, system, node }: Machine): string {
  return `${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}`
}

function sectionOf(result: Result | undefined, run: Run): readonly string[] {
  const command = `\`${commandOf(run)}\``
  if (result === undefined) return [`${command} has not been run.`]
  const broken = brokenOff(result)
  return [command, [broken && `${broken} This is what it has printed.`, older(result, run)].filter((text) => text !== undefined).join(' '), ...blocksOf(result.output)].filter((block) => block !== '')
}

/** What a bench printed: its tables as tables, and what stands between them as it is. A table of which there is no row yet is left out. */
function blocksOf(output: string): readonly string[] {
  const blocks: { readonly isTable: boolean; readonly lines: string[] }[] = []
  let afterBlank = false
  for (const line of output.split('\n').map((text) => text.trimEnd())) {
    const isTable = line.startsWith('|')
    const last = blocks.at(-1)
    // Of two tables with a blank line between them Markdown would make one, with the head of the second as a row.
    const goesOn = last?.isTable === isTable && !(isTable && afterBlank)
    if (line !== '' && goesOn) last.lines.push(line)
    else if (line !== '') blocks.push({ isTable, lines: [line] })
    afterBlank = line === ''
  }
  return blocks
    .filter(({ isTable, lines }) => !isTable || lines.length > 2)
    .map(({ isTable, lines }) => (isTable ? lines.join('\n') : ['```text', ...lines, '```'].join('\n')))
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
