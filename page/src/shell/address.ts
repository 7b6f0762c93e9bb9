import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import { leaveIfAllowed, lostAt } from '../parts/unsaved.ts'

/** Where the page is, as its address says. Each view has one of its own, so that it can be sent to somebody. */
export interface Place {
  /** What is no agent's: `/keys`. `nowhere`: no view has the address. */
  readonly site?: 'keys' | 'nowhere'
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
  if (root === 'keys' && agent === undefined) return { site: root, rest: [] }
  if (root === undefined || (root === 'agents' && agent === undefined)) return { rest: [] }
  if (root !== 'agents' || agent === undefined) return { site: 'nowhere', rest: [] }
  return { agent, ...(view !== undefined && { view }), rest }
}

/** The number of a turn, a step or a version, as an address has it. */
export const numberIn = (part: string | undefined): number | undefined => (/^[1-9]\d{0,8}$/.test(part ?? '') ? Number(part) : undefined)

/** Whether there are at most so many parts, each of them a number. */
export const areNumbers = (rest: readonly string[], most: number): boolean => rest.length <= most && rest.every((part) => numberIn(part) !== undefined)

/** As it is read; where it can't be, as it is. */
export const decoded = (part: string): string => {
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
const cameBack = entry() !== undefined
if (!cameBack) history.replaceState({ entry: here }, '')

/** The entry that is shown. `returned`: it was there before, and somebody came back to it, or loaded it anew. */
export interface Visit {
  readonly entry: number
  readonly returned: boolean
}

const visited = signal<Visit>({ entry: here, returned: cameBack })
export const visit: ReadonlySignal<Visit> = visited

const take = (returned: boolean): void => {
  here = entry() ?? here + 1
  batch(() => {
    visited.value = { entry: here, returned }
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
    take(false)
  }
  leaveIfAllowed({ lost: saved ? [] : lostAt(target), leave })
}

addEventListener('popstate', () => {
  // The browser is there already: whoever stays goes back to where he was.
  const stay = (): void => {
    const steps = here - (entry() ?? here + 1)
    if (steps !== 0) history.go(steps)
  }
  leaveIfAllowed({ lost: lostAt(new URL(location.href)), leave: () => take(true), stay })
})
