import { blue, bold, cyan, dim, green, red, yellow } from 'yoctocolors'

type Paint = (text: string) => string

export interface Palette {
  readonly bold: Paint
  readonly dim: Paint
  readonly blue: Paint
  readonly cyan: Paint
  readonly green: Paint
  readonly red: Paint
  readonly yellow: Paint
}

const plain: Paint = (text) => text

export const noColours: Palette = { bold: plain, dim: plain, blue: plain, cyan: plain, green: plain, red: plain, yellow: plain }

/** Colours on a terminal only, and (yoctocolors sees to it) not with NO_COLOR or a terminal that has none. */
export function paletteFor(stream: { readonly isTTY?: boolean }): Palette {
  return stream.isTTY === true ? { bold, dim, blue, cyan, green, red, yellow } : noColours
}
