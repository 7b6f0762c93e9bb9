import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

/** What can be done with a thing, behind one sign. It closes when something was chosen, by Escape, and when one goes elsewhere. */
export function Menu({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const box = useRef<HTMLDetailsElement>(null)
  const button = useRef<HTMLElement>(null)
  const close = (): void => {
    if (box.current !== null) box.current.open = false
  }
  /** Before what was chosen is done: that may be a question, and when it is answered the keyboard comes back to where it was when it was asked. */
  const chosen = (): void => {
    button.current?.focus()
    close()
  }
  return (
    <details
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node && box.current?.contains(event.relatedTarget) === true)) close()
      }}
    >
      <summary aria-label={label} ref={button}>
        <span aria-hidden="true">⋯</span>
      </summary>
      <div onClickCapture={chosen}>{children}</div>
    </details>
  )
}
