/** A row with the names of its columns, `name: value`, so that a row found alone can be understood. */
export function recordText(names: readonly string[], values: readonly string[]): string {
  return values.map((value, index) => `${names[index] ?? `column ${index + 1}`}: ${value.trim()}`).join('; ')
}

/** Columns without a name are numbered. */
export const columnNames = (head: readonly string[]): string[] => head.map((name, index) => (name.trim() === '' ? `column ${index + 1}` : name.trim()))
