import { useLayoutEffect, useRef } from 'preact/hooks'
import { typedByTouch } from './typed-by-touch.ts'

/** Where a button has gone that had the keyboard, as what it was for is done, the next question has it, or else the message. @param what changes then */
export function useKeptKeyboard(what: string): void {
  const within = useRef(false)
  useLayoutEffect(() => {
    const taken = ({ target }: FocusEvent): void => void (within.current = target instanceof Element && target.closest('.standing') !== null)
    document.addEventListener('focusin', taken)
    return () => document.removeEventListener('focusin', taken)
  }, [])
  useLayoutEffect(() => {
    if (!within.current || document.activeElement !== document.body || typedByTouch()) return
    document.querySelector<HTMLElement>('.approval textarea, #message')?.focus()
  }, [what])
}
