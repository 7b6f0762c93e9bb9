import { matchAt, type Match } from './match-at.ts'

const fence = /`{3,}|^[ \t]{0,3}~{3,}/gm

/** Follows the fences of a text, from its beginning to its end. */
export interface Fences {
  /** Whether a place is within a fence that words before it introduce, as they do an example; `from` is where the last call before it ended. */
  readonly hasExampleAt: (at: number, from: number) => boolean
  /** Passes over a part of the text, the fences of which are its own. */
  readonly pass: (end: number) => void
}

export function fencesOf(text: string): Fences {
  let open: { readonly introduced: boolean } | undefined
  let next = nextFence(text, 0)
  return {
    hasExampleAt: (at, from) => {
      for (; next !== undefined && next.index < at; next = nextFence(text, next.end)) {
        open = open === undefined ? { introduced: hasWordsBefore(text, from, next.index) } : undefined
      }
      return open?.introduced ?? false
    },
    pass: (end) => {
      if (next !== undefined && next.index < end) next = nextFence(text, end)
    },
  }
}

const nextFence = (text: string, from: number): Match | undefined => matchAt(fence, text, from)

function hasWordsBefore(text: string, from: number, at: number): boolean {
  let last = at - 1
  while (last >= from && ' \t\r\n'.includes(text[last] ?? '-')) last -= 1
  return last >= from
}
