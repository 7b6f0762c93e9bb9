import { areOnOneLine, cellGap, type Piece, type Place } from './pdf-pieces.ts'

type Placed = Piece & { readonly place: Place }

/** A number or a sign in front of an entry of a list. */
const mark = /^(?:[•◦‣⁃▪▫●○■□*–—-]|\(?(?:\d{1,3}|[a-z]|[ivxlcdm]{1,7})[.)])$/i
/** How many times the height of its letters a mark ends in front of its entry, at most. */
const mostBefore = 3
/** So many comparisons of marks with other pieces are made on a page. */
const mostCompared = 1_000_000

/**
 * Pieces of one line in the order in which they stand there: some programs draw what stands at the right of a line before the rest of it (amounts, numbers of
 * pages), and others the marks of a list when all its entries are drawn.
 */
export const alongLines = (pieces: readonly Piece[]): readonly Piece[] => withMarks(pieces.some((piece, index) => goesBack(pieces[index - 1], piece)) ? sorted(pieces) : pieces)

/** Whether a piece is drawn after another one, left of it on its line. */
const goesBack = (last: Piece | undefined, piece: Piece): boolean => isDrawn(last) && isDrawn(piece) && areBeside(last, piece) && piece.place.right <= last.place.left
const areBeside = (a: Placed, b: Placed): boolean => areOnOneLine(a.place, b.place, a.height)
const isDrawn = (piece: Piece | undefined): piece is Placed => piece?.place !== undefined && piece.text !== ''

function sorted(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = []
  let line: Placed[] = []
  const close = (): void => {
    const inOrder = line.toSorted((a, b) => a.place.left - b.place.left)
    const overlap = inOrder.some((piece, index) => piece.place.left < (inOrder[index - 1]?.place.right ?? -Infinity))
    all.push(...(overlap || inOrder.every((piece, index) => piece === line[index]) ? line : wordsTogether(inOrder)))
    line = []
  }
  for (const piece of pieces) {
    const [first] = line
    if (first !== undefined && !(isDrawn(piece) && areBeside(first, piece))) close()
    if (isDrawn(piece)) line.push(piece)
    else all.push(piece)
  }
  close()
  return all
}

/** Words that stand close to each other are of one piece. */
function wordsTogether(line: readonly Placed[]): Piece[] {
  const all: Placed[] = []
  for (const piece of line) {
    const last = all.at(-1)
    if (last === undefined || piece.place.left - last.place.right > cellGap * Math.max(last.height, piece.height)) all.push(piece)
    else all[all.length - 1] = { ...last, text: `${last.text} ${piece.text}`, height: Math.max(last.height, piece.height), place: { ...last.place, right: piece.place.right } }
  }
  return all
}

/**
 * Marks that are drawn after what stands right behind them begin it. In tables a column of numbers is drawn before the next one, and a mark that does not stand
 * first on its line is an empty cell (`–`).
 */
function withMarks(pieces: readonly Piece[]): readonly Piece[] {
  const marks = [...pieces.entries()].filter((entry): entry is [number, Placed] => isDrawn(entry[1]) && mark.test(entry[1].text))
  if (marks.length === 0 || marks.length * pieces.length > mostCompared) return pieces
  const all: (Piece | undefined)[] = [...pieces]
  for (const [index, piece] of marks) {
    const behind = pieces.findIndex((other, at) => at < index && isBehind(piece, other))
    const entry = all[behind]
    if (entry?.place === undefined || pieces.some((other) => isDrawn(other) && isLeftOf(other, piece))) continue
    all[behind] = { ...entry, text: `${piece.text} ${entry.text}`, place: { ...entry.place, left: piece.place.left } }
    all[index] = undefined
  }
  return all.filter((piece) => piece !== undefined)
}

const isLeftOf = (other: Placed, piece: Placed): boolean => other.place.right <= piece.place.left && areBeside(piece, other)

function isBehind(before: Placed, { text, place }: Piece): boolean {
  if (place === undefined || text === '' || !areOnOneLine(before.place, place, before.height)) return false
  const gap = place.left - before.place.right
  return gap >= 0 && gap <= mostBefore * before.height
}
