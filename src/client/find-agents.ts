import type { Client } from '@temporalio/client'
import { idsOf, type Tenant } from '../protocol/tenant.ts'
import type { AgentFilter, AgentsPage, AgentStore, StoredAgent } from '../stores/agents.ts'
import { parkedAmong, parkedPages, statusesOf, type AgentStatus } from './agent-status.ts'

/** Agents whose status is asked for at once. */
const askedAtOnce = 50
/** Keys in one question to the store. */
const keysAtOnce = 500

export interface AgentSearch extends Pick<AgentFilter, 'tag' | 'model'> {
  readonly status?: AgentStatus
  readonly after?: string
  readonly limit: number
}

/** The first `limit` agents of the tenant after `after` that match, by key. */
export async function findAgents({ temporal, agents, tenant, atOnce }: Places, search: AgentSearch): Promise<readonly StoredAgent[]> {
  const { status, limit, ...asked } = search
  const filter = { ...asked, within: idsOf(tenant) }
  if (status === undefined) return agents.list({ ...filter, limit })
  if (status === 'archived') return agents.list({ ...filter, limit, archived: true })
  if (status === 'parked') return parked({ temporal, agents, tenant, ...(atOnce && { atOnce }) }, filter, limit)
  return firstOf(present({ temporal, agents, tenant }, filter, status), limit)
}

async function firstOf(batches: AsyncIterable<readonly StoredAgent[]>, limit: number): Promise<readonly StoredAgent[]> {
  const found: StoredAgent[] = []
  for await (const batch of batches) {
    found.push(...batch)
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

type Filter = Omit<AgentSearch, 'status' | 'limit'> & Pick<AgentsPage, 'within'>
interface Places {
  readonly temporal: Client
  readonly agents: AgentStore
  readonly tenant: Tenant | undefined
  /** How many parked agents are read from the index at once, and how many agents of the store are looked for in it. */
  readonly atOnce?: { readonly indexed: number; readonly looked: number }
}

/**
 * The index has no order, so either all that are parked are read from it, which is best where they are few; or the agents are looked at in
 * their order, which is best where many of them are. Nobody knows before, so a step is made in each way by turns, and the one counts that is
 * at its end first: a page costs at most twice what the better way does.
 */
async function parked(places: Places, filter: Filter, limit: number): Promise<readonly StoredAgent[]> {
  const { temporal, tenant, atOnce = { indexed: 500, looked: 200 } } = places
  const [keys, found]: [string[], StoredAgent[]] = [[], []]
  const inOrder = parkedInOrder(places, filter, atOnce.looked)
  for await (const page of parkedPages(temporal, tenant, atOnce.indexed)) {
    keys.push(...page.keys)
    if (page.last) break
    const { value: batch } = await inOrder.next()
    found.push(...(batch?.found ?? []))
    if (batch?.last !== false || found.length >= limit) return found.slice(0, limit)
  }
  return firstOf(parkedOf(places, filter, keys), limit)
}

async function* parkedOf({ agents }: Places, { after = '', ...filter }: Filter, parkedKeys: readonly string[]): AsyncGenerator<readonly StoredAgent[]> {
  // One whose workflow has just been replaced may be in the index twice.
  const keys = [...new Set(parkedKeys)].filter((key) => key > after).sort()
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    yield await agents.list({ ...filter, keys: keys.slice(start, start + keysAtOnce), archived: false, limit: keysAtOnce })
  }
}

async function* parkedInOrder({ temporal, agents }: Places, filter: Filter, looked: number): AsyncGenerator<{ readonly found: readonly StoredAgent[]; readonly last: boolean }, undefined> {
  for (let after = filter.after; ; ) {
    const batch = await agents.list({ ...filter, archived: false, limit: looked, ...(after !== undefined && { after }) })
    yield { found: await parkedAmong(temporal, batch), last: batch.length < looked }
    after = batch.at(-1)?.key
  }
}

/** Looks at one agent after the other, as the index has no order and does not have those without a workflow. */
async function* present({ temporal, agents }: Places, filter: Filter, status: AgentStatus): AsyncGenerator<readonly StoredAgent[]> {
  for (let after = filter.after; ; ) {
    const batch = await agents.list({ ...filter, archived: false, limit: askedAtOnce, ...(after !== undefined && { after }) })
    const statuses = await statusesOf(temporal, batch)
    yield batch.filter(({ key }) => statuses.get(key) === status)
    if (batch.length < askedAtOnce) return
    after = batch.at(-1)?.key
  }
}
