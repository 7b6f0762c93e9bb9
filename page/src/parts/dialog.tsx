import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { shown } from './shown.ts'

/** A question that is answered before anything else. The browser keeps the keyboard in it; Escape leaves it. */
export function Dialog({ title, onClose, children }: { readonly title: string; readonly onClose: () => void; readonly children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={box} aria-label={title} onClose={onClose}>
      <h2>{shown(title)}</h2>
      {children}
    </dialog>
  )
}
