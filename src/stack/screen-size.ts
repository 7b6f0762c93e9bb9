export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** How much a terminal shows. One that says nothing of it, or 0, as serial lines and some containers do, is taken for one of 80 by 24. */
export function screenSize({ columns = 0, rows = 0 }: Partial<ScreenSize>): ScreenSize {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 }
}
