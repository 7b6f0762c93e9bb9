import { inReadingOrder, isFromTheRight, type Run } from './pdf-direction.ts'
import { withoutDoubles } from './pdf-doubled.ts'
import { withoutTracking } from './pdf-tracking.ts'

/** What stands together on one line of a page: a line of text, or a line of a table's cell. */
export interface Piece {
  readonly text: string
  /** Of its letters. */
  readonly height: number
  readonly font: string | undefined
  /** Undefined where the file does not say. */
  readonly place: Place | undefined
}

/** Where a piece stands, seen along the direction in which it is written: a page may be turned. */
export interface Place {
  /** In degrees. */
  readonly direction: number
  readonly left: number
  readonly right: number
  /** Of the line on which the letters stand; larger is higher. */
  readonly base: number
}

interface Item {
  readonly str: string
  readonly hasEOL?: boolean
  readonly height?: number
  readonly width?: number
  readonly fontName?: string
  /** The first two say in which direction it is written, the last two where it stands. */
  readonly transform?: readonly number[]
}

/** How many times the height of its letters a gap is wide that parts two cells of a row. */
export const cellGap = 1.5
/** The same between two numbers, which are no words of one sentence. */
const figureGap = 0.7
/** A gap that is wider than this is a blank. */
const blankGap = 0.15

/** In the order of the file. A piece without text is an empty line. */
export function piecesOf(items: readonly unknown[]): Piece[] {
  const pieces: Piece[] = []
  let runs: Run[] = []
  let height = 0
  let [font, place]: [font?: string | undefined, place?: Place | undefined] = []
  let last: { readonly item: Item; readonly place: Place | undefined } | undefined
  const close = (): void => {
    const text = inReadingOrder(runs).trim()
    pieces.push({ text: place === undefined ? text : withoutDoubles(text, place.right - place.left, height), height, font, place })
    runs = []
    height = 0
    font = place = undefined
  }
  for (const item of withoutTracking(items)) {
    if (!isItem(item)) continue
    if (last !== undefined && isOverprint(last.item, item)) {
      if (item.hasEOL === true) close()
      continue
    }
    const isBlank = item.str.trim() === ''
    const here = isBlank ? undefined : placeOf(item)
    const above = last !== undefined && here !== undefined && isRaised(last, { item, place: here }) ? last.item.str : undefined
    if (!isBlank) {
      const isEmpty = runs.every(({ text }) => text.trim() === '')
      if (last?.place !== undefined && here !== undefined && areOnOneLine(last.place, here, heightOf(last.item))) {
        const gap = gapAfter(last.place, here, last.item.str + item.str)
        const isCell = gap > (areFigures(last.item, item) ? figureGap : cellGap) * Math.max(heightOf(last.item), heightOf(item))
        const isWord = gap > blankGap * heightOf(item)
        if (isCell && !isEmpty) close()
        // The reader has ended the line, and this piece goes on in it.
        else if (!isCell && gap > 0 && isEmpty && pieces.length > 0) {
          const before = pieces.pop()
          if (before !== undefined) {
            ;({ height, font, place } = before)
            runs = [{ text: before.text, place: before.place }, ...(isWord ? [{ text: ' ', place: undefined }] : [])]
          }
        }
        // What stands left of it, and is drawn after it.
        else if (last.place.left - here.right > blankGap * heightOf(item)) {
          if (isFromTheRight(last.item.str + item.str)) runs.push({ text: ' ', place: undefined })
          else if (!isEmpty) close()
        }
      }
      // A cell that stands at the middle of others' rows, or what is written in another direction. What is raised or lowered within a line is so by less.
      else if (last?.place !== undefined && here !== undefined && !isEmpty && (last.place.direction !== here.direction || Math.abs(last.place.base - here.base) > mostRaised * Math.max(heightOf(last.item), heightOf(item)))) close()
      font ??= item.fontName
      place = around(place, here)
      last = { item, place: here }
    }
    runs.push({ text: here === undefined ? item.str : raisedBy(item.str, above), place: here })
    height = Math.max(height, heightOf(item))
    if (item.hasEOL === true) close()
  }
  if (runs.some(({ text }) => text.trim() !== '')) close()
  return pieces
}
const mostRaised = 0.6

/** Whether a piece stands right behind the other, in smaller letters and above its line. */
function isRaised(last: { readonly item: Item; readonly place: Place | undefined }, { item, place }: { readonly item: Item; readonly place: Place }): boolean {
  const height = heightOf(last.item)
  if (last.place === undefined || last.place.direction !== place.direction || heightOf(item) > height * 0.95) return false
  const rise = place.base - last.place.base
  return rise > height * 0.2 && rise < height * mostRaised && Math.abs(place.left - last.place.right) < blankGap * height
}

/** A raised number behind a number is a power; behind a word it is that of a note, and no part of the word. */
function raisedBy(text: string, before: string | undefined): string {
  if (before === undefined || !/^[-+−]?\d{1,4}$/.test(text.trim())) return text
  return /\d$/.test(before) ? `^${text.trim()}` : /\p{L}{3}$/u.test(before) ? ` [${text.trim()}]` : text
}

const isItem = (item: unknown): item is Item => typeof item === 'object' && item !== null && 'str' in item && typeof item.str === 'string'
const heightOf = ({ height, transform }: Item): number => height ?? Math.abs(transform?.[3] ?? 0)

const areFigures = (...items: readonly Item[]): boolean => items.every(({ str }) => /^[\s(+\-−$€£¥]*\d[\d.,'’/:%)\s$€£¥-]*$/u.test(str))

/** Whether two places are on one line, of letters of this height. */
export const areOnOneLine = (a: Place, b: Place, height: number): boolean => a.direction === b.direction && Math.abs(a.base - b.base) < Math.max(1, height / 3)

/** How far behind the first place the other begins, where this is their text: Hebrew and Arabic go on to the left. */
export const gapAfter = (last: Place, next: Place, text: string): number => (next.right <= last.left && isFromTheRight(text) ? last.left - next.right : next.left - last.right)

function placeOf({ transform = [], width = 0 }: Item): Place | undefined {
  const [a = 1, b = 0, , , x, y] = transform
  if (x === undefined || y === undefined) return undefined
  const direction = Math.round((Math.atan2(b, a) / Math.PI) * 180)
  const turned = (direction / 180) * Math.PI
  const [along, up] = [Math.cos(turned), Math.sin(turned)]
  const left = x * along + y * up
  return { direction, left, right: left + width, base: y * along - x * up }
}

/** Columns of Hebrew and Arabic begin at the right: seen in a mirror they are as others'. */
export const mirrored = (piece: Piece): Piece => (piece.place === undefined ? piece : { ...piece, place: { ...piece.place, left: -piece.place.right, right: -piece.place.left } })

function around(place: Place | undefined, more: Place | undefined): Place | undefined {
  if (place === undefined || more === undefined) return place ?? more
  return { ...place, left: Math.min(place.left, more.left), right: Math.max(place.right, more.right) }
}

/** The same words a hair's breadth beside themselves: so programs print bold letters that a font lacks, and shadows. */
function isOverprint(a: Item, b: Item): boolean {
  if (a.str !== b.str || b.str.trim() === '') return false
  const [x, y] = [4, 5].map((at) => Math.abs((a.transform?.[at] ?? NaN) - (b.transform?.[at] ?? NaN)))
  return Math.max(x ?? NaN, y ?? NaN) <= heightOf(b) * mostBeside
}
const mostBeside = 0.15
