import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Part } from '../part.ts'
import { csvDialect } from './csv-dialect.ts'
import { columnNames, isOfFigures, recordText } from './record.ts'
import { linesFrom, textParts } from './text.ts'
import { inSlices } from './xml.ts'

interface CsvRow {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Characters above which a record is no record: a quotation mark was never closed. */
const mostInRecord = 1_000_000

/** Each record with the names of its columns. From where the table can't be understood on, its lines are read as text. */
export async function* csvParts(text: string, extension = 'csv'): AsyncGenerator<Part> {
  const { delimiter, quote, escape, skip, above } = csvDialect(text, extension)
  const table = Readable.from(inSlices(text)).pipe(
    parse({ delimiter, quote, escape, from_line: skip + above + 1, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: mostInRecord, ltrim: delimiter !== '\t' }),
  )
  for (const part of textParts(text.split('\n', skip + above).slice(skip).join('\n'))) yield { ...part, firstLine: (part.firstLine ?? 1) + skip }
  let names: readonly string[] | undefined
  let line = 0
  let records = 0
  try {
    for await (const row of table) {
      const { record, info } = row as CsvRow
      if (names === undefined) {
        names = isOfFigures(record) ? [] : columnNames(record)
        if (names.length > 0) {
          line = info.lines
          continue
        }
      }
      records += 1
      // A short record does not name all columns.
      if (records === 1 && record.length < names.length) yield { text: names.join('; '), firstLine: line }
      yield { text: recordText(names, record), firstLine: line + 1 }
      line = info.lines
    }
  } catch {
    const before = records === 0 ? 0 : line
    records += 1
    for (const part of textParts(linesFrom(text, before + 1))) yield { ...part, firstLine: (part.firstLine ?? 1) + before }
  }
  if (records === 0 && names !== undefined) yield { text: names.join('; '), firstLine: 1 }
}
