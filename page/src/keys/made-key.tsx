import { useLayoutEffect, useRef } from 'preact/hooks'
import { Copy } from '../parts/copy.tsx'
import { shown } from '../parts/shown.ts'

/** A key that was just made. Nobody can read it again, so it stays until somebody says that they have it. */
export function MadeKey({ name, text, used, onDone }: { readonly name: string; readonly text: string; readonly used: boolean; readonly onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  return (
    <section class="card made" aria-label="The new key">
      <h2 ref={heading} tabIndex={-1} dir="auto">
        The key “{shown(name)}”
      </h2>
      <p>It is shown here and now, and never again. {used && 'This page uses it from now on, until its tab is closed.'}</p>
      <p class="secret">
        <code>{text}</code> <Copy text={text} what="the key" />
      </p>
      <div class="buttons">
        <button type="button" class="main" onClick={onDone}>
          I have it
        </button>
      </div>
    </section>
  )
}
