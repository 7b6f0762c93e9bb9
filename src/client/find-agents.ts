import type { Client } from '@temporalio/client'
import { idsOf, type Tenant } from '../protocol/tenant.ts'
import type { AgentFilter, AgentsPage, AgentStore, StoredAgent } from '../stores/stores.ts'
import { parkedKeys, statusesOf, type AgentStatus } from './agent-status.ts'

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
export async function findAgents({ temporal, agents, tenant }: Places, search: AgentSearch): Promise<readonly StoredAgent[]> {
  const { status, limit, ...asked } = search
  const filter = { ...asked, within: idsOf(tenant) }
  if (status === undefined) return agents.list({ ...filter, limit })
  if (status === 'archived') return agents.list({ ...filter, limit, archived: true })
  const found: StoredAgent[] = []
  const candidates = status === 'parked' ? parked({ temporal, agents, tenant }, filter) : present({ temporal, agents, tenant }, filter, status)
  for await (const batch of candidates) {
    found.push(...batch)
    if (found.length >= limit) break
  }
  return found.slice(0, limit)
}

type Filter = Omit<AgentSearch, 'status' | 'limit'> & Pick<AgentsPage, 'within'>
type Places = { readonly temporal: Client; readonly agents: AgentStore; readonly tenant: Tenant | undefined }

/** Few agents are parked, so the index is asked for all of them. */
async function* parked({ temporal, agents, tenant }: Places, { after = '', ...filter }: Filter): AsyncGenerator<readonly StoredAgent[]> {
  const keys = (await parkedKeys(temporal, tenant)).filter((key) => key > after)
  for (let start = 0; start < keys.length; start += keysAtOnce) {
    yield await agents.list({ ...filter, keys: keys.slice(start, start + keysAtOnce), archived: false, limit: keysAtOnce })
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
