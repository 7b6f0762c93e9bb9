import { batch, computed, signal } from '@preact/signals'
import { leaveIfAllowed, lostAt } from '../parts/unsaved.ts'

/** Where the page is, as its address says. Each view has one of its own, so that it can be sent to somebody. */
export interface Place {
  /** What is no agent's: `/keys`. */
  readonly site?: 'keys'
  /** Undefined: the list of agents, or what is no agent's. */
  readonly agent?: string
  /** Of the agent; the first one where the address names none. */
  readonly view?: string
  /** What follows the view: a turn and a step, say. */
  readonly rest: readonly string[]
}

const path = signal(location.pathname)
export const search = signal(location.search)

/** `/`, `/keys`, `/agents/NAME`, `/agents/NAME/VIEW/…` */
export const place = computed<Place>(() => placeAt(path.value))

export function placeAt(pathname: string): Place {
  const [root, agent, view, ...rest] = pathname.split('/').filter((part) => part !== '').map(decoded)
  if (root === 'keys') return { site: root, rest: [] }
  if (root !== 'agents' || agent === undefined) return { rest: [] }
  return { agent, ...(view !== undefined && { view }), rest }
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const addressOf = ({ site, agent, view, rest = [] }: Partial<Place>): string =>
  agent === undefined ? `/${site ?? ''}` : `/${['agents', agent, ...(view === undefined ? [] : [view]), ...rest].map(encodeURIComponent).join('/')}`

/** The number of each entry of the tab's history that is of this page: so it can be said how far a step of the person has led. */
const entry = (): number | undefined => (history.state as { readonly entry?: number } | null)?.entry
let here = entry() ?? 0
if (entry() === undefined) history.replaceState({ entry: here }, '')

const take = (): void => {
  here = entry() ?? here + 1
  batch(() => {
    path.value = location.pathname
    search.value = location.search
  })
}

export interface Going {
  readonly replace?: boolean
  /** Nothing is asked: what stands in the form was saved, and it goes with it. */
  readonly saved?: boolean
}

/** Shows what is at that address, unless something unsaved would be lost that the person wants to keep. */
export function go(address: string, { replace = false, saved = false }: Going = {}): void {
  const target = new URL(address, location.href)
  const leave = (): void => {
    // Who is there already finds the way back as it was.
    const isHere = address === location.pathname + location.search
    if (replace || isHere) history.replaceState({ entry: here }, '', address)
    else history.pushState({ entry: here + 1 }, '', address)
    take()
  }
  leaveIfAllowed({ lost: saved ? [] : lostAt(target), leave })
}

addEventListener('popstate', () => {
  // The browser is there already: whoever stays goes back to where he was.
  const stay = (): void => {
    const steps = here - (entry() ?? here + 1)
    if (steps !== 0) history.go(steps)
  }
  leaveIfAllowed({ lost: lostAt(new URL(location.href)), leave: take, stay })
})
