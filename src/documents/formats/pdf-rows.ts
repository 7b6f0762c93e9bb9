import { areOnOneLine, type Piece, type Place } from './pdf-pieces.ts'

/** A piece with text whose place is known. */
export interface Placed extends Piece {
  readonly place: Place
  /** The file has an empty line before it. */
  readonly afterEmpty: boolean
}
/** Pieces one below the other: a column of text, or the lines of a cell. */
export type Block = readonly Placed[]
/** Blocks side by side, from left to right, as the file draws them one after the other. */
export type Row = readonly Block[]

interface OpenBlock {
  readonly pieces: Placed[]
  left: number
  right: number
  /** Where what stands beside it on the left ends. */
  readonly after: number
}

/** So many blocks and pieces are looked at to see whether a block begins beside them. */
const mostLookedAt = 2_000
/** So many times the height of its letters the first line of a block stands above the first one beside it, where cells are centred. */
const mostAbove = 8

/** Pieces in the order of the file, by where they stand beside and below each other. What has no place is a row of its own. */
export function rowsOf(pieces: readonly Piece[]): (Row | Piece)[] {
  const rows: (Row | Piece)[] = []
  let blocks: OpenBlock[] = []
  let afterEmpty = false
  const close = (): void => {
    if (blocks.length > 0) rows.push(blocks.map((block) => block.pieces))
    blocks = []
  }
  for (const piece of pieces) {
    const { place, text } = piece
    if (text === '') {
      afterEmpty = true
      continue
    }
    if (place === undefined) {
      close()
      if (afterEmpty) rows.push({ ...piece, text: '' })
      rows.push(piece)
    } else {
      const placed = { ...piece, place, afterEmpty }
      const last = blocks.at(-1)
      if (last !== undefined && isBelow(last, placed)) {
        last.pieces.push(placed)
        last.left = Math.min(last.left, place.left)
        last.right = Math.max(last.right, place.right)
      } else {
        const after = endBeside(blocks, placed)
        if (after === undefined) close()
        blocks.push({ pieces: [placed], left: place.left, right: place.right, after: after ?? -Infinity })
      }
    }
    afterEmpty = false
  }
  close()
  return rows
}

function isBelow({ pieces, left, right, after }: OpenBlock, { place, height }: Placed): boolean {
  const last = pieces.at(-1)
  if (last === undefined || last.place.direction !== place.direction || areOnOneLine(last.place, place, last.height)) return false
  return place.base < last.place.base && place.left < right + height && place.right > left - height && place.left >= after
}

/** Where what stands as high as the piece, or lower, ends, if all of it is left of the piece and reaches up to it. */
function endBeside(blocks: readonly OpenBlock[], { place, height }: Placed): number | undefined {
  if (place.left < (blocks.at(-1)?.left ?? -Infinity)) return undefined
  let looked = 0
  let [end, highest] = [-Infinity, -Infinity]
  for (let block = blocks.length - 1; block >= 0; block -= 1) {
    const { pieces } = blocks[block] ?? { pieces: [] }
    looked += 1
    if (looked > mostLookedAt) return undefined
    for (let at = pieces.length - 1; at >= 0; at -= 1) {
      const one = pieces[at]
      if (one === undefined || one.place.base > place.base + height) break
      looked += 1
      if (one.place.direction !== place.direction || one.place.right > place.left || looked > mostLookedAt) return undefined
      end = Math.max(end, one.place.right)
      highest = Math.max(highest, one.place.base)
    }
  }
  return highest >= place.base - height * mostAbove ? end : undefined
}
