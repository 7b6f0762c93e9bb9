import { shown, wholeSigns } from './shown.ts'

export interface Change {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

/** Beyond so many pairs of pieces the two are told as one that is gone and one that is new. */
const mostPairs = 4_000_000

/** What is to be changed in the one text to get the other, piece by piece: words, or, where those are too many, lines. */
export function changesBetween(before: string, after: string): readonly Change[] {
  for (const pieces of [/\s+|[^\s]+/g, /[^\n]*\n|[^\n]+$/g]) {
    const [one, other] = [before.match(pieces) ?? [], after.match(pieces) ?? []]
    const [start, end] = [sharedStart(one, other), sharedEnd(one, other)]
    const [middle, otherMiddle] = [one.slice(start, one.length - end), other.slice(start, other.length - end)]
    if (middle.length * otherMiddle.length > mostPairs) continue
    return joined([same(one.slice(0, start)), ...longestCommon(middle, otherMiddle), same(end === 0 ? [] : one.slice(-end))])
  }
  return joined([{ kind: 'gone', text: before }, { kind: 'new', text: after }])
}

const same = (pieces: readonly string[]): Change => ({ kind: 'same', text: pieces.join('') })

function sharedStart(one: readonly string[], other: readonly string[]): number {
  let length = 0
  while (length < Math.min(one.length, other.length) && one[length] === other[length]) length += 1
  return length
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  const most = Math.min(one.length, other.length) - sharedStart(one, other)
  let length = 0
  while (length < most && one[one.length - 1 - length] === other[other.length - 1 - length]) length += 1
  return length
}

function longestCommon(one: readonly string[], other: readonly string[]): Change[] {
  const width = other.length + 1
  const lengths = new Uint32Array((one.length + 1) * width)
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = other.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = one[row] === other[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const changes: Change[] = []
  let [row, column] = [0, 0]
  while (row < one.length || column < other.length) {
    const [gone, come] = [one[row], other[column]]
    if (gone !== undefined && gone === come) {
      changes.push({ kind: 'same', text: gone })
      row += 1
      column += 1
    } else if (gone !== undefined && (come === undefined || at(row + 1, column) >= at(row, column + 1))) {
      changes.push({ kind: 'gone', text: gone })
      row += 1
    } else {
      changes.push({ kind: 'new', text: come ?? '' })
      column += 1
    }
  }
  return changes
}

/** Neighbours of one kind as one, nothing empty; what is gone before what is new. */
function joined(changes: readonly Change[]): Change[] {
  const result: Change[] = []
  for (const change of changes) {
    if (change.text === '') continue
    const last = result.at(-1)
    if (last?.kind === change.kind) result[result.length - 1] = { kind: change.kind, text: last.text + change.text }
    else result.push(change)
  }
  return result
}

/** @param around of what stays the same so many characters are shown beside each change; all of it where nothing is said */
export function Diff({ before, after, around }: { readonly before: string; readonly after: string; readonly around?: number }) {
  return (
    <div class="diff text" dir="auto">
      {changesBetween(before, after).map(({ kind, text }, index, all) => {
        if (kind === 'gone') return <del key={index}>{shown(text)}</del>
        if (kind === 'new') return <ins key={index}>{shown(text)}</ins>
        return <span key={index}>{shown(around === undefined ? text : shortened(text, around, { first: index === 0, last: index === all.length - 1 }))}</span>
      })}
    </div>
  )
}

function shortened(text: string, around: number, { first, last }: { readonly first: boolean; readonly last: boolean }): string {
  if (text.length <= around * 2 + 1) return text
  return `${first ? '' : wholeSigns(text.slice(0, around))}…${last ? '' : wholeSigns(text.slice(-around))}`
}
