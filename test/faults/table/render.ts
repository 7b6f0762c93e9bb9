import { posix } from 'node:path'
import type { Measured } from './measured.ts'
import { columns, held, type Column, type FaultGroup, type FaultRow } from './row.ts'

const storesNames: Readonly<Record<FaultRow['stores'], string>> = {
  embedded: 'embedded memory',
  servers: 'MongoDB and Qdrant',
  both: 'embedded memory, and again MongoDB and Qdrant',
  none: 'no stores',
}

/** The groups as Markdown: one table each of what held, then each row's test and what that does not prove. */
export function renderTable(groups: readonly FaultGroup[], measured: Measured): string {
  return groups
    .filter(({ rows }) => rows.length > 0)
    .map((group) => renderGroup(group, measured))
    .join('\n\n')
}

function renderGroup({ heading, about, rows, standingBy }: FaultGroup, measured: Measured): string {
  const names = Object.keys(columns) as Column[]
  const times = standingBy
    ? { 'to recover: a worker stands by': measured.standingBy, 'to recover: one is started': measured.seconds }
    : { 'time to recover': measured.seconds }
  return [
    `### ${heading}`,
    about,
    [
      `| when | ${[...names.map((name) => columns[name]), ...Object.keys(times)].join(' | ')} |`,
      `|---|${'---|'.repeat(names.length)}${'--:|'.repeat(Object.keys(times).length)}`,
      ...rows.map((row) => `| ${[row.fault, ...names.map((name) => row.cells?.[name] ?? held[name]), ...Object.values(times).map((seconds) => timeOf(row, seconds))].join(' | ')} |`),
    ].join('\n'),
    rows.map(renderDetails).join('\n'),
  ].join('\n\n')
}

function renderDetails({ fault, whatHappens, test, stores, notProven }: FaultRow): string {
  return [
    `- **${fault}**: ${whatHappens}.`,
    `  Shown by [\`${posix.basename(test.file)}\`](${posix.join('../test/faults', test.file)}), "${test.title}", on ${storesNames[stores]}.`,
    `  *Not proven:* ${notProven}.`,
  ].join('\n')
}

function timeOf({ id }: FaultRow, seconds: Measured['seconds']): string {
  const time = seconds[id]
  return time === undefined ? 'not measured' : `${time} s`
}
