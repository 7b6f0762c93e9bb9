import type { AgentPage, AgentPageOptions, StoredAgent } from '../../../src/index.ts'
import { PerdureError } from './errors.ts'
import type { MethodsOf } from './methods-of.ts'
import { newId } from './new-id.ts'
import { agent, path } from './path.ts'
import { assertTexts, pageSize, type Requests } from './requests.ts'

type AgentMethods = MethodsOf<
  'create' | 'get' | 'list' | 'importConversation' | 'update' | 'undoDefinition' | 'definitions' | 'compareDefinitions' | 'setBudget' | 'cost' | 'delete'
>

export function agentMethods({ ask, askIn }: Requests): AgentMethods {
  const page = async (query: AgentPageOptions): Promise<AgentPage> => {
    assertTexts({ ...query }, 'tag', 'model', 'status', 'after')
    return ask({ method: 'GET', path: '/agents', query: { ...query } })
  }
  const all = async (): Promise<readonly StoredAgent[]> => {
    const found: StoredAgent[] = []
    for (let after: string | undefined; ; ) {
      const { agents, next } = await page({ limit: pageSize, ...(after !== undefined && { after }) })
      found.push(...agents)
      if (next === undefined) return found
      after = next
    }
  }
  function list(): Promise<readonly StoredAgent[]>
  function list(query: AgentPageOptions): Promise<AgentPage>
  function list(query?: AgentPageOptions): Promise<readonly StoredAgent[] | AgentPage> {
    return query === undefined ? all() : page(query)
  }

  return {
    list,
    create: async (input) => ask({ method: 'POST', path: '/agents', body: input }),
    get: async (agentId) => {
      try {
        return await ask<StoredAgent>({ method: 'GET', path: path`/agents/${agent(agentId)}` })
      } catch (error) {
        if (PerdureError.isInstance(error) && error.code === 'agent-unknown') return undefined
        throw error
      }
    },
    importConversation: async (input, messages) => ask({ method: 'POST', path: '/imports', body: { agent: input, messages } }),
    update: async (agentId, changes, { commandId = newId(), author, ifVersion, signal } = {}) =>
      ask({ method: 'PATCH', path: path`/agents/${agent(agentId)}`, query: { author, ifVersion }, body: changes, idempotencyKey: commandId, signal }),
    undoDefinition: async (agentId, { commandId = newId(), author, to, ifVersion, signal } = {}) =>
      ask({ method: 'POST', path: path`/agents/${agent(agentId)}/definitions/undo`, body: { to, author, ifVersion }, idempotencyKey: commandId, signal }),
    definitions: async (agentId, { limit, before } = {}) =>
      askIn('definitions', { method: 'GET', path: path`/agents/${agent(agentId)}/definitions`, query: { limit, before } }),
    compareDefinitions: async (agentId, { before, after }) =>
      askIn('differences', { method: 'GET', path: path`/agents/${agent(agentId)}/definitions/compare`, query: { before, after } }),
    setBudget: async (agentId, change, { commandId = newId(), author, ifVersion, signal } = {}) =>
      ask({ method: 'PATCH', path: path`/agents/${agent(agentId)}/budget`, query: { author, ifVersion }, body: change, idempotencyKey: commandId, signal }),
    cost: async (agentId, { turns } = {}) => ask({ method: 'GET', path: path`/agents/${agent(agentId)}/cost`, query: { turns } }),
    delete: async (agentId, { commandId = newId(), signal } = {}) => {
      await ask({ method: 'DELETE', path: path`/agents/${agent(agentId)}`, idempotencyKey: commandId, signal })
    },
  }
}
