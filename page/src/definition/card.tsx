import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { useOpener } from '../parts/opener.ts'
import { shown } from '../parts/shown.ts'

interface CardProps {
  readonly title: string
  readonly level?: 2 | 3
  readonly note?: string | undefined
  readonly badges?: readonly string[]
  /** What its button does, and of what; absent: nothing can be done. */
  readonly act?: string | undefined
  /** The form in its place is open. */
  readonly open: boolean
  readonly onOpen: () => void
  readonly children: ComponentChildren
  /** Further things that can be done with it. */
  readonly more?: ComponentChildren
}

/** A part of the definition, and the button that opens its form. When the form is left the keyboard is at that button again. */
export function Card({ title, level = 2, note, badges = [], act, open, onOpen, children, more }: CardProps) {
  const heading = useId()
  const button = useOpener(open)
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section class={level === 2 ? 'card' : 'card within'} aria-labelledby={heading}>
      <header>
        <Heading id={heading} dir="auto">
          {shown(title)}
        </Heading>
        {badges.map((badge) => (
          <span key={badge} class="badge plain">
            {badge}
          </span>
        ))}
        <span class="space" />
        {!open && more}
        {!open && act !== undefined && (
          <button type="button" ref={button} onClick={onOpen}>
            {act}
            <span class="unseen"> {level === 2 ? title.toLowerCase() : title}</span>
          </button>
        )}
      </header>
      {note !== undefined && <p class="muted">{note}</p>}
      {children}
    </section>
  )
}
