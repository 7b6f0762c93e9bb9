import { computed, signal } from '@preact/signals'

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
export const place = computed<Place>(() => {
  const [root, agent, view, ...rest] = path.value.split('/').filter((part) => part !== '').map(decoded)
  if (root === 'keys') return { site: root, rest: [] }
  if (root !== 'agents' || agent === undefined) return { rest: [] }
  return { agent, ...(view !== undefined && { view }), rest }
})

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const addressOf = ({ site, agent, view, rest = [] }: Partial<Place>): string =>
  agent === undefined ? `/${site ?? ''}` : `/${['agents', agent, ...(view === undefined ? [] : [view]), ...rest].map(encodeURIComponent).join('/')}`

const take = (): void => {
  path.value = location.pathname
  search.value = location.search
}

export function go(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  // Who is there already finds the way back as it was.
  const isHere = address === location.pathname + location.search
  history[replace || isHere ? 'replaceState' : 'pushState'](null, '', address)
  take()
}

addEventListener('popstate', take)
