import { looksLikeHead } from './record.ts'

export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  /** Lines before the table: Excel's `sep=;`, which is no text, and what is written above it. */
  readonly skip: number
  readonly above: number
}

const delimiters = [',', ';', '\t', '|'] as const
const sampleLines = 20
/** Lines of text that a program writes above a table. */
const mostAbove = 12

/** How a table is written, by its first lines: the sign that parts most of them into equally many fields. */
export function csvDialect(text: string, extension: string): CsvDialect {
  const named = /^sep=(.)\n/i.exec(text)?.[1]
  const lines = text.slice(0, 100_000).split('\n').slice(named === undefined ? 0 : 1).filter((line) => line.trim() !== '').slice(0, sampleLines)
  const delimiter = named ?? delimiterOf(lines, extension)
  const sample = lines.join('\n')
  // Quoted by apostrophes, where whole fields are and no quotation mark stands.
  const apostrophes = !sample.includes('"') && lines.length > 0 && lines.every((line) => line.split(delimiter).some((field) => /^\s*'.*'\s*$/.test(field)))
  const quote = apostrophes ? "'" : '"'
  const escape = sample.includes(`\\${quote}`) && !sample.includes(`${quote}${quote}`) ? '\\' : quote
  const skip = named === undefined ? 0 : 1
  return { delimiter, quote, escape, skip, above: linesAbove(text.slice(0, 100_000).split('\n').slice(skip), delimiter) }
}

/** How many lines stand above a table's head: with at most half as many fields as it has, and no quotation that goes on. */
function linesAbove(lines: readonly string[], delimiter: string): number {
  const { usual } = usualFields(lines.filter((line) => line.trim() !== '').slice(0, sampleLines), delimiter)
  const head = lines.slice(0, mostAbove + 1).findIndex((line) => delimitersIn(line, delimiter) === usual)
  if (usual === 0 || head <= 0 || !looksLikeHead((lines[head] ?? '').split(delimiter))) return 0
  const above = lines.slice(0, head)
  return above.every((line) => delimitersIn(line, delimiter) <= usual / 2 && (line.split('"').length - 1) % 2 === 0) ? head : 0
}

const delimitersIn = (line: string, delimiter: string): number => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1

/** How many delimiters most lines have that have one, the more where that is not plain, and how many lines those are. */
function usualFields(lines: readonly string[], delimiter: string): { readonly usual: number; readonly alike: number } {
  const times = new Map<number, number>()
  for (const line of lines) {
    const count = delimitersIn(line, delimiter)
    if (count > 0) times.set(count, (times.get(count) ?? 0) + 1)
  }
  const [usual, alike] = [...times].toSorted(([countOfA, a], [countOfB, b]) => b - a || countOfB - countOfA)[0] ?? [0, 0]
  return { usual, alike }
}

function delimiterOf(lines: readonly string[], extension: string): string {
  const scored = delimiters.map((delimiter) => ({ delimiter, ...usualFields(lines, delimiter), first: delimitersIn(lines[0] ?? '', delimiter) }))
  const best = scored.toSorted((a, b) => b.alike - a.alike || b.first - a.first || b.usual - a.usual)[0]
  if (best !== undefined && best.alike > 0) return best.delimiter
  return extension === 'tsv' || extension === 'tab' ? '\t' : ','
}
