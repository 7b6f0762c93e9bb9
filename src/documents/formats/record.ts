/** A row with the names of its columns, `name: value`, so that a row found alone can be understood. */
export function recordText(names: readonly string[], values: readonly string[]): string {
  return values.flatMap((value, index) => {
    const numbered = `column ${index + 1}`
    const name = names[index] ?? numbered
    // A column without a name or a value parts two tables that stand beside each other.
    return value.trim() === '' && name === numbered ? [] : [`${name}: ${value.trim()}`]
  }).join('; ')
}

/** Columns without a name are numbered. */
export const columnNames = (head: readonly string[]): string[] => head.map((name, index) => (name.trim() === '' ? `column ${index + 1}` : name.trim()))

export const filledIn = (row: readonly string[]): string[] => row.filter((value) => value.trim() !== '')

/** Names of columns are words: a row of several, none of which is a number, a date or a time. */
export function looksLikeHead(row: readonly string[]): boolean {
  const names = filledIn(row)
  return names.length > 1 && names.every((name) => /\p{L}/u.test(name))
}

/** A number, a date, a time, an amount of money. */
const isFigure = (value: string): boolean => /\d/.test(value) && /^(?:[-+\d.,:/ %€$£¥]+|\d{4}-\d\d-\d\d[T ][\d:.,Z+-]+)$/.test(value.trim())

/** Whether a first row names no columns but is a record: all of it are numbers and dates. Years and other short whole numbers may be names. */
export const isOfFigures = (row: readonly string[]): boolean => row.length > 1 && row.every(isFigure) && !row.every((value) => /^\d{1,4}$/.test(value.trim()))
