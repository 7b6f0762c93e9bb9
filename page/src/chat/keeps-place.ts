import { useEffect, useRef } from 'preact/hooks'
import type { RefObject } from 'preact'

/** So near to the end one reads what comes. */
const nearEnd = 60

/** What is shown by its name stands a little below the top. */
const belowTop = 16

export interface Place {
  readonly box: RefObject<HTMLDivElement | null>
  readonly content: RefObject<HTMLDivElement | null>
  /** Whether whoever reads stands at the end, and goes on standing there as it grows. */
  readonly stays: RefObject<boolean>
  readonly toEnd: () => void
  /** Whether the end of what is there is in sight, whoever stands where. */
  readonly seesEnd: () => boolean
  /** To be called when one has scrolled. @param last whether the end of what is there is the end of all */
  readonly scrolled: (last: boolean) => void
  /** The part that is kept in its place, and how far below the top of the window; undefined where one stands at the end. */
  readonly standing: () => { readonly part: string; readonly top: number } | undefined
  /** Goes to what has this name, so far below the top, and stays there; whether it is drawn. */
  readonly show: (name: string, top?: number) => boolean
}

/** The part that is kept in its place: how far below the top of the window it stood, and how far the box was scrolled then. */
interface Anchor {
  readonly name: string
  readonly top: number
  readonly scrolled: number
}

/**
 * Where one reads in a box whose content grows at both ends: at its end, or at one of its parts, which have names (`data-part`). Whatever comes, goes, opens or
 * is only measured above that part, the part stays where it is in the window. @param moved called when the content, or the window on it, has got another size
 */
export function useKeptPlace(moved: () => void): Place {
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stays = useRef(true)
  const anchor = useRef<Anchor | undefined>(undefined)

  const topOf = (part: Element): number => part.getBoundingClientRect().top - (box.current?.getBoundingClientRect().top ?? 0)
  const find = (name: string): Element | null => content.current?.querySelector(`[data-part="${CSS.escape(name)}"]`) ?? null
  const toEnd = (): void => {
    const { current } = box
    if (current !== null) current.scrollTop = current.scrollHeight
  }
  const seesEnd = (): boolean => {
    const { current } = box
    return current !== null && current.scrollHeight - current.scrollTop - current.clientHeight < nearEnd
  }
  const told = useRef(moved)
  told.current = moved
  const keep = (): void => {
    const part = firstVisible(box.current, content.current)
    anchor.current = part === undefined || box.current === null ? undefined : { name: part.dataset['part'] ?? '', top: topOf(part), scrolled: box.current.scrollTop }
  }
  const restore = (): void => {
    const { current } = anchor
    const part = current === undefined ? null : find(current.name)
    if (current === undefined || part === null || box.current === null) return
    // Scrolled since, by whoever reads: that is not made up for.
    const top = current.top - (box.current.scrollTop - current.scrolled)
    const moved = topOf(part) - top
    if (Math.abs(moved) >= 1) box.current.scrollTop += moved
    anchor.current = { name: current.name, top, scrolled: box.current.scrollTop }
  }
  useEffect(() => {
    if (content.current === null || box.current === null) return
    // Called when the new layout is known, and before it is seen.
    const grown = new ResizeObserver(() => {
      if (stays.current) toEnd()
      else restore()
      told.current()
    })
    grown.observe(content.current)
    grown.observe(box.current)
    return () => grown.disconnect()
  }, [])
  return {
    box, content, stays, toEnd, seesEnd,
    scrolled: (last) => {
      if (box.current === null) return
      // What was added above since the last frame is made up for later in this one: the part that now stands at the top is not yet the one that is read.
      if (!stays.current) restore()
      stays.current = last && seesEnd()
      if (!stays.current) keep()
    },
    standing: () => {
      const { current } = anchor
      return stays.current || current === undefined ? undefined : { part: current.name, top: current.top }
    },
    show: (name, top = belowTop) => {
      const part = find(name)
      if (part === null || box.current === null) return false
      stays.current = false
      box.current.scrollTop += topOf(part) - top
      anchor.current = { name, top: topOf(part), scrolled: box.current.scrollTop }
      return true
    },
  }
}

/** Parts stand below each other: half of those that are left are looked at each time. */
function firstVisible(box: HTMLElement | null, content: HTMLElement | null): HTMLElement | undefined {
  if (box === null || content === null) return undefined
  const top = box.getBoundingClientRect().top
  const parts = [...content.children].filter((one): one is HTMLElement => one instanceof HTMLElement && one.dataset['part'] !== undefined)
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((parts[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle
    else low = middle + 1
  }
  return parts[low]
}
