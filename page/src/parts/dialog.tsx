import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { shown } from './shown.ts'
import { leaveIfAllowed, useUnsaved } from './unsaved.ts'

interface DialogProps {
  readonly title: string
  /** Of what there is something in it that Escape would lose. */
  readonly unsaved?: string | undefined
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** A question that is answered before anything else. The browser keeps the keyboard in it; Escape leaves it. */
export function Dialog({ title, unsaved, onClose, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null)
  useUnsaved(unsaved)
  const before = useRef<Element | null>(null)
  // Before the next key is pressed, however fast that is.
  useLayoutEffect(() => {
    before.current = document.activeElement
    box.current?.showModal()
  }, [])
  // Once the dialog is gone: as long as it is there nothing behind it takes the keyboard.
  useEffect(() => {
    const { current } = box
    return () => {
      const { activeElement: now } = document
      // What took the dialog's place may have the keyboard already.
      if (before.current instanceof HTMLElement && (now === document.body || current?.contains(now) === true)) before.current.focus()
    }
  }, [])
  const escape = (event: Event): void => {
    if (unsaved === undefined || event.target !== box.current) return
    event.preventDefault()
    leaveIfAllowed({ lost: [unsaved], leave: onClose })
  }
  return (
    <dialog ref={box} aria-label={title} onCancel={escape} onClose={onClose}>
      <h2>{shown(title)}</h2>
      {children}
    </dialog>
  )
}
