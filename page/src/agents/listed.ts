import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import type { HttpClient, ListedAgent } from '../../../clients/typescript/src/index.ts'
import { groupsOf, type RowGroup } from './groups.ts'
import { everything, type Wanted } from './wanted.ts'

/** Agents that match, page by page: however many there are, as many are loaded as somebody looks at. */
export interface ListedAgents {
  readonly pages: ReadonlySignal<readonly AgentsPage[]>
  readonly more: ReadonlySignal<boolean>
  readonly loading: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  readonly wanted: ReadonlySignal<Wanted>
  find(wanted: Wanted): void
  next(): Promise<void>
  /** Loads anew the pages that have one of these agents. */
  refresh(keys?: ReadonlySet<string>): Promise<void>
}

export interface AgentsPage {
  readonly after: string | undefined
  readonly agents: readonly ListedAgent[]
  /** The same agents, as they are drawn. */
  readonly groups: readonly RowGroup[]
}

const pageSize = 50

export function listedAgents(client: HttpClient): ListedAgents {
  const pages = signal<readonly AgentsPage[]>([])
  const next = signal<string | undefined>(undefined)
  const begun = signal(false)
  const loading = signal(false)
  const problem = signal<unknown>(undefined)
  const wanted = signal<Wanted>(everything)
  /** Answers to a question that is not asked any more are not taken. */
  let asked = 0

  const ask = async (after: string | undefined) => {
    const { name, tag, model, status } = wanted.value
    const query = { limit: pageSize, statuses: true, counts: true, ...(after !== undefined && { after }), ...(tag !== '' && { tag }), ...(model !== '' && { model }), ...(status !== '' && { status }) } as const
    const { agents, next: place } = await client.list(query)
    const named = agents.filter(({ key }) => key.startsWith(name))
    // Agents come by name: after the first that begins otherwise there is none.
    return { agents: named, next: named.length === agents.length ? place : undefined }
  }
  /** Those that stand between the two places now: more where agents were made since, fewer where some were deleted. */
  const askBetween = async (after: string | undefined, upTo: string | undefined) => {
    let page = await ask(after)
    const agents = [...page.agents]
    while (upTo !== undefined && page.next !== undefined && page.next < upTo) {
      page = await ask(page.next)
      agents.push(...page.agents)
    }
    return { agents: upTo === undefined ? agents : agents.filter(({ definition: { id } }) => id <= upTo), next: page.next }
  }
  const trying = async (work: (current: () => boolean) => Promise<void>): Promise<void> => {
    const number = asked
    loading.value = true
    try {
      await work(() => number === asked)
      if (number === asked) problem.value = undefined
    } catch (error) {
      if (number === asked) problem.value = error
    }
    if (number === asked) loading.value = false
  }
  const load = (after: string | undefined): Promise<void> =>
    trying(async (current) => {
      const page = await ask(after)
      if (!current()) return
      batch(() => {
        pages.value = [...pages.value, { after, agents: page.agents, groups: groupsOf(page.agents) }]
        next.value = page.next
        begun.value = true
      })
    })
  const find = (given: Wanted): void => {
    asked += 1
    batch(() => {
      wanted.value = given
      pages.value = []
      next.value = undefined
      begun.value = false
    })
    void load(beforeName(given.name))
  }
  return {
    pages,
    more: computed(() => !begun.value || next.value !== undefined),
    loading, problem, wanted, find,
    next: async () => {
      if (!loading.value && next.value !== undefined) await load(next.value)
    },
    refresh: async (keys) => {
      // Nothing could be had so far.
      if (pages.value.length === 0) return loading.value ? undefined : load(beforeName(wanted.value.name))
      await trying(async (current) => {
        for (const [index, { after, agents, groups }] of pages.value.entries()) {
          if (keys !== undefined && !agents.some(({ key }) => keys.has(key)) && agents.length > 0) continue
          const page = await askBetween(after, pages.value[index + 1]?.after)
          if (!current()) return
          const present = asBefore(page.agents, agents)
          pages.value = pages.value.map((one, at) => (at === index ? { after, agents: present, groups: groupsOf(present, groups) } : one))
          if (index === pages.value.length - 1) next.value = page.next
        }
      })
    },
  }
}

/** Where an agent is as it was it is the same object: its row is not drawn again. */
function asBefore(agents: readonly ListedAgent[], before: readonly ListedAgent[]): readonly ListedAgent[] {
  const known = new Map(before.map((agent) => [agent.key, agent]))
  return agents.map((agent) => {
    const old = known.get(agent.key)
    return old !== undefined && JSON.stringify(old) === JSON.stringify(agent) ? old : agent
  })
}

/** What stands before all names that begin so: names have small letters, digits, `-` and `_`. */
function beforeName(name: string): string | undefined {
  if (name === '') return undefined
  return `${name.slice(0, -1)}${String.fromCharCode(name.charCodeAt(name.length - 1) - 1)}\uffff`
}
