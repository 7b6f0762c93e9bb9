import { useLayoutEffect, useRef } from 'preact/hooks'
import { isComposing } from '../parts/composing.ts'

/** Where Escape means something else: a dialog, a field of another form, a menu. */
const others = 'dialog, .menu, input, select, textarea:not(#message)'

/** Does it on Escape, wherever in the view the keyboard is. @param work undefined: nothing is to be done now */
export function useEscape(work: (() => void) | undefined): void {
  const present = useRef(work)
  present.current = work
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.repeat || isComposing(event)) return
      if (document.querySelector('dialog[open]') !== null || (event.target instanceof Element && event.target.closest(others) !== null)) return
      present.current?.()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
}
