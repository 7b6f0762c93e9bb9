import { widthOf } from '../terminal/width.ts'

/** How wide each column has to be, and at least. */
export function widthsOf(rows: readonly (readonly string[])[], least: readonly number[] = []): readonly number[] {
  return rows.reduce<number[]>((widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, widthOf(cell))), [...least])
}

/** Rows as aligned columns, two blanks apart; the last one is not filled up. */
export function alignedColumns(rows: readonly (readonly string[])[], widths: readonly number[]): string[] {
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell))))).join('  ').trimEnd())
}

export const columns = (rows: readonly (readonly string[])[]): string[] => alignedColumns(rows, widthsOf(rows))
