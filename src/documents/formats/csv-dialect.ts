export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  /** Lines before the table: Excel's `sep=;`. */
  readonly skip: number
}

const delimiters = [',', ';', '\t', '|'] as const
const sampleLines = 20

/** How a table is written, by its first lines: the sign that parts all of them into equally many fields. */
export function csvDialect(text: string, extension: string): CsvDialect {
  const named = /^sep=(.)\n/i.exec(text)?.[1]
  const lines = text.slice(0, 100_000).split('\n').slice(named === undefined ? 0 : 1).filter((line) => line.trim() !== '').slice(0, sampleLines)
  const delimiter = named ?? delimiterOf(lines, extension)
  const sample = lines.join('\n')
  // Quoted by apostrophes, where whole fields are and no quotation mark stands.
  const apostrophes = !sample.includes('"') && lines.length > 0 && lines.every((line) => line.split(delimiter).some((field) => /^\s*'.*'\s*$/.test(field)))
  const quote = apostrophes ? "'" : '"'
  const escape = sample.includes(`\\${quote}`) && !sample.includes(`${quote}${quote}`) ? '\\' : quote
  return { delimiter, quote, escape, skip: named === undefined ? 0 : 1 }
}

function delimiterOf(lines: readonly string[], extension: string): string {
  const scored = delimiters.map((delimiter) => {
    const counts = lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1)
    const first = counts[0] ?? 0
    return { delimiter, first, alike: first === 0 ? 0 : counts.filter((count) => count === first).length }
  })
  const best = scored.toSorted((a, b) => b.alike - a.alike || b.first - a.first)[0]
  if (best !== undefined && best.alike > 0) return best.delimiter
  return extension === 'tsv' || extension === 'tab' ? '\t' : ','
}
