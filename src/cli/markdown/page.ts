import type { Palette } from '../output/palette.ts'

/** Where blocks of Markdown are shown. */
export interface Page {
  readonly source: string
  readonly palette: Palette
  /** Of a line. */
  readonly columns: number
}
