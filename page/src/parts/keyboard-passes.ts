import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const reachedByKeys = 'a[href], button:not(:disabled), input:not(:disabled), summary'

/** Of an item of a list: when it goes with the keyboard in it, the next item has the keyboard, or the one before it, or else the heading above. */
export function useKeyboardPasses<Item extends HTMLElement>(): RefObject<Item | null> {
  const item = useRef<Item>(null)
  useLayoutEffect(() => {
    const { current } = item
    if (current === null) return
    let within = false
    const came = (): void => void (within = true)
    // It goes nowhere when what had it is taken away, as a button is that can be pressed no more.
    const went = ({ relatedTarget }: FocusEvent): void => void (within &&= relatedTarget === null || (relatedTarget instanceof Node && current.contains(relatedTarget)))
    current.addEventListener('focusin', came)
    current.addEventListener('focusout', went)
    return () => {
      const { parentElement: list } = current
      if (!within || list === null) return
      const others = [...list.children]
      const place = others.indexOf(current)
      const next = [...others.slice(place + 1), ...others.slice(0, place).toReversed()]
      const around = list.closest('section') ?? list.closest('main')
      // Once it is gone; others may go with it, and an empty list too.
      queueMicrotask(() => {
        if (around?.isConnected === true && document.activeElement === document.body) give(next, around)
      })
    }
  }, [])
  return item
}

function give(items: readonly Element[], around: Element): void {
  const control = items.find((one) => one.isConnected)?.querySelector<HTMLElement>(reachedByKeys)
  const heading = around.querySelector<HTMLElement>('h1, h2')
  if (control === null || control === undefined) heading?.setAttribute('tabindex', '-1')
  ;(control ?? heading)?.focus()
}
