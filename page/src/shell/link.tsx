import type { ComponentChildren } from 'preact'
import { addressOf, go, type Place } from './address.ts'

export interface LinkProps {
  readonly to: Partial<Place>
  readonly class?: string
  readonly 'aria-current'?: 'page' | undefined
  readonly children?: ComponentChildren
}

/** Leads to another view without loading the page anew; in a new tab as any link does. */
export function Link({ to, children, ...rest }: LinkProps) {
  const href = addressOf(to)
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(href)
  }
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  )
}
