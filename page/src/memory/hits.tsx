import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Problem } from '../parts/problem.tsx'
import type { Pages } from './pages.ts'

interface HitsProps<Item> {
  readonly pages: Pages<Item>
  readonly empty: string
  /** Meaning was to be looked at, and could not be. */
  readonly byWordsAlone?: boolean
  readonly children: (item: Item, index: number) => ComponentChildren
}

/** What was found, best first, and the way to more of it. */
export function Hits<Item>({ pages, empty, byWordsAlone = false, children }: HitsProps<Item>) {
  useEffect(() => void pages.next(), [pages])
  const { items, more, busy, problem } = pages
  return (
    <>
      {byWordsAlone && <p class="muted" role="status">Found by words alone: what finds by meaning did not answer.</p>}
      {items.value.length === 0 && !busy.value && problem.value === undefined && <p class="muted">{empty}</p>}
      <ol class="hits">{items.value.map(children)}</ol>
      {problem.value !== undefined && <Problem error={problem.value} again={() => void pages.next()} />}
      {busy.value && <p class="muted" role="status">Looking…</p>}
      {more.value && !busy.value && items.value.length > 0 && (
        <button type="button" class="quiet" onClick={() => void pages.next()}>
          Show more
        </button>
      )}
    </>
  )
}

/** Why something stands at its place: by words, as far as they stand in it, and by meaning. */
export function Why({ rank, words, otherwise }: { readonly rank: number; readonly words: readonly string[]; /** Where none of the words stands in it as it was typed. */ readonly otherwise: string }) {
  const found = words.length > 0 ? `has ${words.map((word) => `“${word}”`).join(', ')}` : otherwise
  return (
    <span class="muted why">
      {rank}. {found}
    </span>
  )
}
