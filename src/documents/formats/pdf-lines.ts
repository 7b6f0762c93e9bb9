/** A line of text as it stands on a page. */
export interface Line {
  readonly text: string
  /** Height of its letters. */
  readonly height: number
}

interface Item {
  readonly str: string
  readonly hasEOL?: boolean
  readonly height?: number
  readonly width?: number
  /** The last two say where it stands. */
  readonly transform?: readonly number[]
}

/** How many times the height of its letters a gap is wide that parts two cells of a row. */
const cellGap = 1.5

/** Lines in the order of the file. Pieces of one line that stand far apart are cells of a table's row. */
export function linesOf(items: readonly unknown[]): Line[] {
  const lines: Line[] = []
  let text = ''
  let height = 0
  let last: Item | undefined
  const close = (): void => {
    lines.push({ text: text.trim(), height })
    text = ''
    height = 0
  }
  for (const item of items) {
    if (!isItem(item)) continue
    if (last !== undefined && isOverprint(last, item)) {
      if (item.hasEOL === true) close()
      continue
    }
    if (item.str.trim() !== '') {
      if (last !== undefined && onOneLine(last, item)) {
        const gap = gapOf(last, item)
        // The reader has ended the line, and the next piece goes on in it.
        if (text.trim() === '' && gap > 0) ({ text, height } = lines.pop() ?? { text, height })
        if (gap > cellGap * Math.max(heightOf(last), heightOf(item)) && text.trim() !== '') text = `${text.trimEnd()} | `
      }
      last = item
    }
    text += item.str
    height = Math.max(height, heightOf(item))
    if (item.hasEOL === true) close()
  }
  if (text.trim() !== '') close()
  return lines
}

const isItem = (item: unknown): item is Item => typeof item === 'object' && item !== null && 'str' in item && typeof item.str === 'string'
const heightOf = ({ height, transform }: Item): number => height ?? Math.abs(transform?.[3] ?? 0)

function onOneLine(a: Item, b: Item): boolean {
  const [yOfA, yOfB] = [a.transform?.[5], b.transform?.[5]]
  return yOfA !== undefined && yOfB !== undefined && Math.abs(yOfA - yOfB) < Math.max(1, heightOf(a) / 3)
}

const gapOf = (a: Item, b: Item): number => (b.transform?.[4] ?? 0) - ((a.transform?.[4] ?? 0) + (a.width ?? 0))

/** The same words a hair's breadth beside themselves: so programs print bold letters that a font lacks, and shadows. */
function isOverprint(a: Item, b: Item): boolean {
  if (a.str !== b.str || b.str.trim() === '') return false
  const [x, y] = [4, 5].map((at) => Math.abs((a.transform?.[at] ?? NaN) - (b.transform?.[at] ?? NaN)))
  return Math.max(x ?? NaN, y ?? NaN) <= heightOf(b) * mostBeside
}
const mostBeside = 0.15
