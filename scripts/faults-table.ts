/**
 * Writes the table of faults into docs/guarantees.md, between its markers. A test holds that the document is not behind.
 *
 *   npx tsx scripts/faults-table.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readMeasured } from '../test/faults/table/measured.ts'
import { renderTable } from '../test/faults/table/render.ts'
import { faultGroups } from '../test/faults/table/rows.ts'

const document = new URL('../docs/guarantees.md', import.meta.url)

const begin = '<!-- faults: written by scripts/faults-table.ts -->\n'
const end = '\n<!-- faults: end -->'

/** The document as it is, and as the rows want it. */
export function faultsDocument(): { readonly present: string; readonly wanted: string } {
  const present = readFileSync(document, 'utf8')
  const from = present.indexOf(begin)
  const to = present.indexOf(end)
  if (from < 0 || to < from) throw new Error('docs/guarantees.md has lost the markers of its table')
  const table = renderTable(faultGroups, readMeasured())
  return { present, wanted: `${present.slice(0, from)}${begin}\n${table}\n${present.slice(to)}` }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(document, faultsDocument().wanted)
