import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** Columns that a text takes in a terminal: wide characters take two, combining marks and styles none. */
export const widthOf = (text: string): number => stringWidth(text)

/** With blanks in place of tabs: how many columns one of those takes is known to the terminal alone. */
export const withoutTabs = (text: string): string => text.replaceAll('\t', '    ')

/** Styles, and the blanks behind them. */
const beginning = new RegExp('^((?:\\u001b\\[[0-9;]*m)*)( *)')

/**
 * Lines of at most so many columns, broken at blanks; only a word that is longer than a line is broken within. A line's own indentation
 * stays, also on the lines that it is broken into.
 */
export function wrapped(text: string, columns: number): string[] {
  return withoutTabs(text).split('\n').flatMap((line) => {
    const [, styles = '', indentation = ''] = beginning.exec(line) ?? []
    const rest = styles + line.slice(styles.length + indentation.length)
    const room = columns - indentation.length
    if (rest === '' || room < 8) return rest === '' ? [''] : wrapAnsi(line, columns, { hard: true }).split('\n')
    return wrapAnsi(rest, room, { hard: true }).split('\n').map((part) => indentation + part)
  })
}

/** The first line begins with `head`, the others with as many blanks; all of them fit. */
export function hung(head: string, text: string, columns: number): string[] {
  const blanks = widthOf(head)
  return wrapped(text, Math.max(10, columns - blanks)).map((line, index) => (index === 0 ? head + line : line === '' ? '' : ' '.repeat(blanks) + line))
}

/** The last rows that these lines take in a terminal, each within its width; what has styles keeps them. */
export function lastRows(lines: readonly string[], { columns, rows }: { readonly columns: number; readonly rows: number }): string[] {
  return lines.flatMap((line) => wrapAnsi(line, columns, { hard: true, trim: false, wordWrap: false }).split('\n')).slice(-rows)
}
