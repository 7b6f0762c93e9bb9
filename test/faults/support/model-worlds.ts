import { randomUUID } from 'node:crypto'
import type { AgentInput } from '../../../src/definition/define-agent.ts'
import { openAIModel } from '../../../src/model/openai.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import type { AuditedAgent } from './evidence.ts'
import { startMisbehavingModel, type Behaviour, type TimesAsked } from './misbehaving-model.ts'
import { Strikes } from './recovery.ts'

/** An agent whose model misbehaves: its worker is in this process, as no process has to die. */
export interface ModelWorld extends AuditedAgent, TimesAsked {
  readonly row: string
  readonly strikes: Strikes
}

export interface ModelWorlds {
  open(row: string, behaviours: readonly Behaviour[], definition?: Partial<AgentInput>): Promise<ModelWorld>
  close(): Promise<void>
}

/**
 * One worker and one endpoint for all agents of a file.
 * @param options.timeoutMs of one request
 * @param options.through a proxy before the endpoint
 */
export async function startModelWorlds(options: { readonly timeoutMs: number; readonly through?: (url: string) => Promise<string> }): Promise<ModelWorlds> {
  const { timeoutMs, through } = options
  const endpoint = await startMisbehavingModel()
  const agents: Agents = await startAgents({ model: openAIModel({ baseURL: through === undefined ? endpoint.url : await through(endpoint.url), apiKey: 'a-secret-key', timeoutMs }) })
  const { client, temporal, stores } = agents
  return {
    open: async (row, behaviours, definition = {}) => {
      const agentId = `a-${randomUUID().slice(0, 8)}`
      const { asked } = endpoint.behave(agentId, behaviours)
      await client.create({ id: agentId, model: agentId, tools: ['send_message', 'core_memory_append'], ...definition })
      const strikes = new Strikes()
      strikes.strike()
      return { client, temporal, stores, agentId, row, strikes, asked, effects: () => [], coins: () => [] }
    },
    close: async () => {
      await agents.close()
      await endpoint.close()
    },
  }
}
