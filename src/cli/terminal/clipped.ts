import wrapAnsi from 'wrap-ansi'

/** The last rows that these lines take in a terminal, each within its width; what has styles keeps them. */
export function lastRows(lines: readonly string[], { columns, rows }: { readonly columns: number; readonly rows: number }): string[] {
  return lines.flatMap((line) => wrapAnsi(line, columns, { hard: true, trim: false, wordWrap: false }).split('\n')).slice(-rows)
}
