import { batch, signal, type ReadonlySignal } from '@preact/signals'

export interface Pages<Item> {
  readonly items: ReadonlySignal<readonly Item[]>
  /** How many there are in all, where the server says so. */
  readonly total: ReadonlySignal<number | undefined>
  readonly more: ReadonlySignal<boolean>
  readonly busy: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  next(): Promise<void>
  /** From the beginning, as many as are there now. */
  again(): Promise<void>
}

interface Page<Item> {
  readonly items: readonly Item[]
  readonly total?: number
  /** Default: where the page is full. */
  readonly more?: boolean
}

/** More a server gives of no list at once. */
const mostAtOnce = 1_000

/** A list of the server, one page after the other, and nothing of it twice. */
export function pages<Item>(pageSize: number, keyOf: (item: Item) => string | number, ask: (place: { readonly offset: number; readonly limit: number }) => Promise<Page<Item>>): Pages<Item> {
  const items = signal<readonly Item[]>([])
  const total = signal<number | undefined>(undefined)
  const more = signal(true)
  const busy = signal(false)
  const problem = signal<unknown>(undefined)
  /** Up to here the list was asked for. It is not how many are shown: some came twice. */
  let asked = 0
  let latest = 0
  /** Shows what stands before, and what the list has from one place to another. */
  const load = async (before: readonly Item[], from: number, to: number): Promise<void> => {
    const number = (latest += 1)
    busy.value = true
    try {
      // What was put before the others since then has moved them on: they come once more.
      const known = new Set(before.map(keyOf))
      const others: Item[] = []
      for (let [offset, end] = [from, to]; ;) {
        const limit = Math.min(end - offset, mostAtOnce)
        const page = await ask({ offset, limit })
        if (number !== latest) return
        for (const item of page.items) {
          if (!known.has(keyOf(item))) others.push(item)
          known.add(keyOf(item))
        }
        offset += limit
        const follows = page.more ?? page.items.length === limit
        // Whoever asks for more is shown more, where there is any.
        if (follows && offset === end && others.length === 0) end += to - from
        if (follows && offset < end) continue
        asked = offset
        batch(() => {
          items.value = [...before, ...others]
          total.value = page.total
          more.value = follows
          problem.value = undefined
        })
        return
      }
    } catch (error) {
      if (number === latest) problem.value = error
    } finally {
      if (number === latest) busy.value = false
    }
  }
  return { items, total, more, busy, problem, next: () => load(items.value, asked, asked + pageSize), again: () => load([], 0, Math.max(pageSize, asked)) }
}
