import { invalidArgument } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import { outerId } from '../protocol/tenant.ts'
import { composed } from '../protocol/well-formed.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { agentStatuses, statusesOf, type AgentStatus } from './agent-status.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { assertPage } from './assert-input.ts'
import { findAgents } from './find-agents.ts'

export interface ListedAgent extends StoredAgent {
  /** Messages in recall memory; where `counts` was asked for. */
  readonly recall?: number
  /** Where `statuses` was asked for. */
  readonly status?: AgentStatus
}

export interface AgentPage {
  /** By key. */
  readonly agents: readonly ListedAgent[]
  /** The value of `after` that gets the next page; absent on the last page. */
  readonly next?: string
}

export interface AgentPageOptions {
  /** Only agents that have this tag. */
  readonly tag?: string
  /** Only agents of this model, by its exact name. */
  readonly model?: string
  /**
   * Only agents of this status. All but `archived` is asked of Temporal's index of workflows, which is a little behind: an agent that was
   * parked, or went on, within the last seconds may be in the page or not. `live` and `asleep` ask about every agent until the page is full;
   * `parked` does so by turns with reading all that are parked, and takes what is at its end first.
   */
  readonly status?: AgentStatus
  /** The name or key after which to begin, as `next` of the page before; default: the first agent. */
  readonly after?: string
  /** Default 100; at most 1,000. */
  readonly limit?: number
  /** Counts each agent's messages as well: one question to the store for the page, whose work grows with the messages. */
  readonly counts?: true
  /** Says each agent's status as well, as the index has it. */
  readonly statuses?: true
}

export interface ListMethods {
  /** Every agent, by key, archived ones too, held whole; of many agents rather ask for pages. */
  list(): Promise<readonly StoredAgent[]>
  /**
   * One page of those that match. An agent that is created or deleted meanwhile is in a later page or not; no other is left out or repeated.
   * @throws PerdureError `invalid-argument`
   */
  list(page: AgentPageOptions): Promise<AgentPage>
}

const usualLimit = 100
const statusesAtOnce = 50

export function listMethods({ temporal }: AgentWorkflows, { agents, messages }: Pick<MemoryStore, 'agents' | 'messages'>, { tenant, inner }: AgentNames): ListMethods {
  const page = async ({ limit = usualLimit, counts, statuses, after, ...search }: AgentPageOptions): Promise<AgentPage> => {
    assertPage({ limit })
    assertSearch({ ...search, after })
    // One agent more than the page holds tells whether there is a next page.
    const found = await findAgents({ temporal, agents, tenant }, { ...search, ...(search.tag !== undefined && { tag: composed(search.tag) }), ...(after !== undefined && { after: inner(after) }), limit: limit + 1 })
    const listed = found.slice(0, limit)
    const keys = listed.map(({ key }) => key)
    const [recall, status] = await Promise.all([counts === true && keys.length > 0 ? messages.counts(keys) : undefined, statuses === true ? statusesOfAll(listed) : undefined])
    const last = keys.at(-1)
    return {
      agents: listed.map((agent) => ({ ...agent, ...(recall && { recall: recall.get(agent.key) ?? 0 }), ...(status && { status: status.get(agent.key) ?? 'asleep' }) })),
      ...(last !== undefined && found.length > limit && { next: outerId(tenant, last) }),
    }
  }
  const statusesOfAll = async (listed: readonly StoredAgent[]): Promise<ReadonlyMap<string, AgentStatus>> => {
    const all = new Map<string, AgentStatus>()
    for (let start = 0; start < listed.length; start += statusesAtOnce) {
      for (const [key, status] of await statusesOf(temporal, listed.slice(start, start + statusesAtOnce))) all.set(key, status)
    }
    return all
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

/** @throws PerdureError `invalid-argument` */
function assertSearch({ after, tag, model, status }: Pick<AgentPageOptions, 'tag' | 'model' | 'status'> & { readonly after: string | undefined }): void {
  for (const [field, value] of [['after', after], ['tag', tag], ['model', model]] as const) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw invalidArgument(`${field} is ${field === 'after' ? 'the id of an agent' : 'a text'}, and not empty`)
  }
  if (status !== undefined && !agentStatuses.includes(status)) throw invalidArgument(`status is one of ${agentStatuses.join(', ')}`)
}
