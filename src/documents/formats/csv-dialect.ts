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
/** What some programs and their users write in place of these: only where it parts each line into as many fields. */
const rareDelimiters = ['\u0001', '\u001f', '^', '~', '¦'] as const
/** The first of them stand in no other text. The others do, as in `x^2`, `PROGRA~1` and `~/notes.txt`. */
const certainDelimiters = new Set<string>(['\u0001', '\u001f'])
const sampleLines = 20
/** Lines of text that a program writes above a table. */
const mostAbove = 12

/** How a table is written, by its first lines: the sign that parts most of them into equally many fields. */
export function csvDialect(text: string, extension: string): CsvDialect {
  const named = /^sep=(.)\n/i.exec(text)?.[1]
  const lines = text.slice(0, 100_000).split('\n').slice(named === undefined ? 0 : 1).filter((line) => line.trim() !== '').slice(0, sampleLines)
  const delimiter = named ?? delimiterOf(lines, extension)
  const sample = lines.join('\n')
  const quote = isQuotedByApostrophes(lines, delimiter) ? "'" : '"'
  // Before the end of a field it may be the end of a path.
  const escapes = new RegExp(`\\\\${quote}(?![${inPattern(delimiter)}\n]|$)`)
  const escape = escapes.test(sample) && !sample.includes(`${quote}${quote}`) ? '\\' : quote
  const skip = named === undefined ? 0 : 1
  return { delimiter, quote, escape, skip, above: linesAbove(text.slice(0, 100_000).split('\n').slice(skip), delimiter, quote) }
}

const inPattern = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Where each line has a field between apostrophes, or where only so each has as many fields; and no quotation mark stands. */
function isQuotedByApostrophes(lines: readonly string[], delimiter: string): boolean {
  if (lines.length === 0 || lines.some((line) => line.includes('"'))) return false
  if (lines.every((line) => line.split(delimiter).some((field) => /^\s*'.*'\s*$/.test(field)))) return true
  const sign = inPattern(delimiter)
  // Blanks that part fields are none around a field: else each of many tabs in a row would be tried with all that follow it.
  const field = new RegExp(`(?<=^|${sign})[^\\S${sign}]*'(?:[^']|'')*'[^\\S${sign}]*(?=${sign}|$)`, 'g')
  const counts = (of: (line: string) => string): number => new Set(lines.map((line) => of(line).split(delimiter).length)).size
  return counts((line) => line) > 1 && counts((line) => line.replaceAll(field, '')) === 1
}

/** How many lines stand above a table's head: with at most half as many fields as it has, and no quotation that goes on. */
function linesAbove(lines: readonly string[], delimiter: string, quote: string): number {
  const { usual } = usualFields(lines.filter((line) => line.trim() !== '').slice(0, sampleLines), delimiter, quote)
  const head = lines.slice(0, mostAbove + 1).findIndex((line) => delimitersIn(line, delimiter, quote) === usual)
  if (usual === 0 || head <= 0 || !looksLikeHead((lines[head] ?? '').split(delimiter))) return 0
  const above = lines.slice(0, head)
  return above.every((line) => delimitersIn(line, delimiter, quote) <= usual / 2 && (quote !== '"' || (line.split('"').length - 1) % 2 === 0)) ? head : 0
}

const delimitersIn = (line: string, delimiter: string, quote = '"'): number => line.replaceAll(quote === '"' ? /"[^"]*"/g : /'[^']*'/g, '').split(delimiter).length - 1

/** How many delimiters most lines have that have one, the more where that is not plain, and how many lines those are. */
function usualFields(lines: readonly string[], delimiter: string, quote?: string): { readonly usual: number; readonly alike: number } {
  const times = new Map<number, number>()
  for (const line of lines) {
    const count = delimitersIn(line, delimiter, quote)
    if (count > 0) times.set(count, (times.get(count) ?? 0) + 1)
  }
  const [usual, alike] = [...times].toSorted(([countOfA, a], [countOfB, b]) => b - a || countOfB - countOfA)[0] ?? [0, 0]
  return { usual, alike }
}

function delimiterOf(lines: readonly string[], extension: string): string {
  const scored = delimiters.map((delimiter) => ({ delimiter, ...usualFields(lines, delimiter), first: delimitersIn(lines[0] ?? '', delimiter) }))
  const best = scored.toSorted((a, b) => b.alike - a.alike || b.first - a.first || b.usual - a.usual)[0]
  if (best !== undefined && best.alike > 0) return best.delimiter
  const rare = lines.length < 2 ? undefined : rareDelimiters.find((delimiter) => {
    const { usual, alike } = usualFields(lines, delimiter)
    return alike === lines.length && (certainDelimiters.has(delimiter) || partsText(lines, delimiter, usual))
  })
  if (rare !== undefined) return rare
  return extension === 'tsv' || extension === 'tab' ? '\t' : ','
}

/** Whether a sign that may be part of a word is a delimiter: under names of columns, with text on both sides of it in each line. */
const partsText = (lines: readonly string[], delimiter: string, usual: number): boolean =>
  (usual > 1 || lines.length > 2) &&
  looksLikeHead((lines[0] ?? '').split(delimiter)) &&
  lines.every((line) => {
    const [first = '', ...others] = line.split(delimiter)
    return first.trim() !== '' && others.some((other) => other.trim() !== '')
  })
