import { invalidArgument } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'
import { assertPage } from './assert-input.ts'

export interface ListedAgent extends StoredAgent {
  /** Messages in recall memory; where `counts` was asked for. */
  readonly recall?: number
}

export interface AgentPage {
  /** By key. */
  readonly agents: readonly ListedAgent[]
  /** The value of `after` that gets the next page; absent on the last page. */
  readonly next?: string
}

export interface AgentPageOptions {
  /** The name or key after which to begin, as `next` of the page before; default: the first agent. */
  readonly after?: string
  /** Default 100; at most 1,000. */
  readonly limit?: number
  /** Counts each agent's messages as well: one question to the store for the page, whose work grows with the messages. */
  readonly counts?: true
}

export interface ListMethods {
  /** Every agent, by key, archived ones too, held whole; of many agents rather ask for pages. */
  list(): Promise<readonly StoredAgent[]>
  /**
   * One page of them. An agent that is created or deleted meanwhile is in a later page or not; no other is left out or repeated.
   * @throws PerdureError `invalid-argument`
   */
  list(page: AgentPageOptions): Promise<AgentPage>
}

const usualLimit = 100

export function listMethods({ agents, messages }: Pick<MemoryStore, 'agents' | 'messages'>): ListMethods {
  const page = async ({ after, limit = usualLimit, counts }: AgentPageOptions): Promise<AgentPage> => {
    assertPage({ limit })
    if (after !== undefined && typeof after !== 'string') throw invalidArgument('after is the id of an agent')
    // One agent more than the page holds tells whether there is a next page.
    const found = await agents.list({ limit: limit + 1, ...(after !== undefined && { after }) })
    const listed = found.slice(0, limit)
    const last = listed.at(-1)
    const recall = counts === true && last !== undefined ? await messages.counts(listed.map(({ key }) => key)) : undefined
    return {
      agents: recall === undefined ? listed : listed.map((agent) => ({ ...agent, recall: recall.get(agent.key) ?? 0 })),
      ...(last !== undefined && found.length > limit && { next: last.key }),
    }
  }
  const all = async (): Promise<readonly StoredAgent[]> => {
    const found: StoredAgent[] = []
    for (let after: string | undefined; ; ) {
      const { agents: listed, next } = await page({ limit: limits.pageSize, ...(after !== undefined && { after }) })
      found.push(...listed)
      if (next === undefined) return found
      after = next
    }
  }
  function list(): Promise<readonly StoredAgent[]>
  function list(options: AgentPageOptions): Promise<AgentPage>
  function list(options?: AgentPageOptions): Promise<readonly StoredAgent[] | AgentPage> {
    return options === undefined ? all() : page(options)
  }
  return { list }
}
