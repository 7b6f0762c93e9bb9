import { effect } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { visit } from './address.ts'
import { read, write } from './stored.ts'

/** Where somebody stood. Parts have names (`data-part`): one that is drawn anew may stand elsewhere than it did. */
export interface StoodAt {
  /** How far what scrolls was scrolled. */
  readonly scrolled?: number
  /** The first part that was seen. */
  readonly part?: string
  /** How far below the top of the window it stood. */
  readonly top?: number
}

const name = 'stood-at'
const places = new Map<number, StoodAt>(kept())
// An entry that is new has taken the place of those that once stood there.
effect(() => {
  const { entry, returned } = visit.value
  if (!returned) for (const one of [...places.keys()]) if (one >= entry) places.delete(one)
})
// What is shown anew, or left for another page, begins as a new page does.
addEventListener('pagehide', () => write('session', name, JSON.stringify([...places])))

/** Where one stood when this entry of the tab's history was shown last; undefined where that was never, or at the end of what grows. */
export const stoodAt = (): StoodAt | undefined => (visit.peek().returned ? places.get(visit.peek().entry) : undefined)

/** Keeps where one stands now. */
export function standsAt(place: StoodAt | undefined): void {
  const { entry } = visit.peek()
  if (place === undefined) places.delete(entry)
  else places.set(entry, place)
}

/** So long what comes piece by piece may take until there is as much as there was. */
const patienceMs = 5_000

/** What scrolls, and stands where one stood when one comes back to it. */
export function useKeptScroll<Box extends HTMLElement>(): RefObject<Box | null> {
  const box = useRef<Box>(null)
  const { entry } = visit.value
  useLayoutEffect(() => {
    const { current } = box
    if (current === null) return
    const keep = (): void => standsAt(placeIn(current))
    const follow = (): void => current.addEventListener('scroll', keep)
    const wanted = stoodAt()
    const giveUp = wanted === undefined ? undefined : comeTo(current, wanted, follow)
    if (wanted === undefined) follow()
    return () => {
      giveUp?.()
      current.removeEventListener('scroll', keep)
    }
  }, [entry])
  return box
}

const offsetIn = (box: HTMLElement, part: Element): number => part.getBoundingClientRect().top - box.getBoundingClientRect().top

function placeIn(box: HTMLElement): StoodAt {
  const scrolled = box.scrollTop
  const first = [...box.querySelectorAll<HTMLElement>('[data-part]')].find((part) => offsetIn(box, part) >= 0)
  return first === undefined ? { scrolled } : { scrolled, part: first.dataset['part'] ?? '', top: offsetIn(box, first) }
}

/** Goes there once there is so much, unless somebody goes elsewhere first. */
function comeTo(box: HTMLElement, { scrolled = 0, part, top = 0 }: StoodAt, done: () => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  let frame = 0
  const stop = (): void => {
    ended.abort()
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
  const end = (): void => {
    if (signal.aborted) return
    stop()
    done()
  }
  const go = (): void => {
    box.scrollTop = scrolled
    const there = part === undefined ? undefined : box.querySelector(`[data-part="${CSS.escape(part)}"]`)
    if (there) box.scrollTop += offsetIn(box, there) - top
    if (there || (part === undefined && box.scrollTop >= scrolled - 1)) end()
    else frame = requestAnimationFrame(go)
  }
  const timer = setTimeout(end, patienceMs)
  for (const kind of ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const) box.addEventListener(kind, end, { signal, passive: true })
  go()
  return stop
}

function kept(): readonly (readonly [number, StoodAt])[] {
  try {
    return JSON.parse(read('session', name) ?? '[]') as readonly (readonly [number, StoodAt])[]
  } catch {
    return []
  }
}
