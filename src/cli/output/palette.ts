import { WriteStream } from 'node:tty'
import { blue, bold, cyan, dim, green, italic, red, strikethrough, yellow } from 'yoctocolors'

type Paint = (text: string) => string

export interface Palette {
  /** False: texts stay as they are written. */
  readonly styles: boolean
  readonly bold: Paint
  readonly dim: Paint
  readonly blue: Paint
  readonly cyan: Paint
  readonly green: Paint
  readonly italic: Paint
  readonly red: Paint
  /** What is struck out means the opposite, so it is marked as in Markdown where it would look like any text. */
  readonly strikethrough: Paint
  readonly yellow: Paint
}

const plain: Paint = (text) => text
const tildes: Paint = (text) => `~~${text}~~`

export const noColours: Palette = { styles: false, bold: plain, dim: plain, blue: plain, cyan: plain, green: plain, italic: plain, red: plain, strikethrough: tildes, yellow: plain }

const styled: Palette = { styles: true, bold, dim, blue, cyan, green, italic, red, strikethrough, yellow }

/**
 * Styles on a terminal only, and where Node says that it has colours, as the library that paints asks it: not with `FORCE_COLOR=0` or
 * `NODE_DISABLE_COLORS`. `NO_COLOR` and `TERM=dumb` are heeded also beside a `FORCE_COLOR`.
 */
export function paletteFor(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>> = process.env): Palette {
  const unwanted = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb'
  if (stream.isTTY !== true || unwanted || !WriteStream.prototype.hasColors(env)) return noColours
  // The consoles of Linux and macOS have colours, and strike nothing out.
  return env.TERM === 'linux' || env.TERM_PROGRAM === 'Apple_Terminal' ? { ...styled, strikethrough: tildes } : styled
}
