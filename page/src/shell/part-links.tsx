import type { Place } from './address.ts'
import { Link } from './link.tsx'

interface PartLinksProps {
  readonly label: string
  /** The view whose parts they are. */
  readonly at: Pick<Place, 'agent' | 'view'>
  readonly parts: readonly { /** In the address. */ readonly name: string; readonly title: string }[]
  readonly current: string
}

/** The parts of a view, each at an address of its own. */
export function PartLinks({ label, at, parts, current }: PartLinksProps) {
  return (
    <nav class="parts" aria-label={label}>
      {parts.map(({ name, title }) => (
        <Link key={name} to={{ ...at, rest: [name] }} aria-current={name === current ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  )
}
