import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Problem } from '../parts/problem.tsx'
import type { Pages } from './pages.ts'

/** What was found, best first, and the way to more of it. */
export function Hits<Item>({ pages, empty, children }: { readonly pages: Pages<Item>; readonly empty: string; readonly children: (item: Item, index: number) => ComponentChildren }) {
  useEffect(() => void pages.next(), [pages])
  const { items, more, busy, problem } = pages
  return (
    <>
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
export function Why({ rank, words, byMeaning }: { readonly rank: number; readonly words: readonly string[]; readonly byMeaning: boolean }) {
  const found = words.length > 0 ? `has ${words.map((word) => `“${word}”`).join(', ')}` : byMeaning ? 'has none of the words: found by what it means' : 'has another form of the words'
  return (
    <span class="muted why">
      {rank}. {found}
    </span>
  )
}
