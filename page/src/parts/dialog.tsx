import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { isComposing } from './composing.ts'
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
  // Before the next key is pressed, however fast that is: it may be the one that leaves.
  useLayoutEffect(() => {
    const before = document.activeElement
    box.current?.showModal()
    return () =>
      // Once the dialog is gone: as long as it is there nothing behind it takes the keyboard.
      queueMicrotask(() => {
        // What took the dialog's place may have the keyboard already.
        if (before instanceof HTMLElement && document.activeElement === document.body) before.focus()
      })
  }, [])
  const ask = (lost: string): boolean => leaveIfAllowed({ lost: [lost], leave: onClose })
  /**
   * A browser lets a page stop its own Escape once, until somebody clicks or writes again, and then closes all dialogs at once. So the page takes the key
   * before the browser does.
   */
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return
    event.preventDefault()
    if (unsaved === undefined) onClose()
    else ask(unsaved)
  }
  /** What else asks to close it: the way back of a phone, or the key where nothing in it has the keyboard. */
  const cancelled = (event: Event): void => {
    if (unsaved === undefined || event.target !== box.current) return
    event.preventDefault()
    ask(unsaved)
  }
  const closed = (): void => {
    if (unsaved === undefined) {
      onClose()
      return
    }
    // It was closed though what asked for that was stopped.
    box.current?.showModal()
    ask(unsaved)
  }
  return (
    <dialog ref={box} aria-label={title} onKeyDown={pressed} onCancel={cancelled} onClose={closed}>
      <h2>{shown(title)}</h2>
      {children}
    </dialog>
  )
}
