import { parse } from 'csv-parse/sync'
import type { Part } from '../part.ts'

interface CsvRow {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Each record with the names of its columns, `name: value`, so that a row found alone can be understood. @throws Error for what is no table */
export function csvParts(text: string, delimiter: ',' | '\t'): Part[] {
  const rows = parse(text, { delimiter: delimiter === ',' ? delimiterOf(text) : delimiter, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }) as unknown as CsvRow[]
  const [head, ...records] = rows
  if (head === undefined) return []
  const names = head.record.map((name, index) => (name.trim() === '' ? `column ${index + 1}` : name.trim()))
  let line = head.info.lines
  const parts = records.map(({ record, info }) => {
    const fields = record.map((value, index) => `${names[index] ?? `column ${index + 1}`}: ${value.trim()}`)
    const part = { text: fields.join('; '), firstLine: line + 1 }
    line = info.lines
    return part
  })
  return parts.length > 0 ? parts : [{ text: names.join('; '), firstLine: 1 }]
}

/** Many tables are written with semicolons, where a comma parts decimals. */
function delimiterOf(text: string): string {
  const head = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'))
  return head.split(';').length > head.split(',').length ? ';' : ','
}
