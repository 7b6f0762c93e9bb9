import { randomUUID } from 'node:crypto'
import { nameOf } from '../protocol/agent-key.ts'
import { PerdureError } from '../protocol/errors.ts'
import { givenBySignal, handlerNames, type AgentView, type EventAnswer } from '../protocol/handlers.ts'
import type { IncomingEvent } from '../protocol/events.ts'
import { opOf } from '../protocol/ids.ts'
import { limits } from '../protocol/limits.ts'
import { searchRecall } from '../recall/search-recall.ts'
import { readBlocks, versionIn } from '../stores/core-memory.ts'
import type { Stores } from '../stores/stores.ts'
import { agentNames } from './agent-names.ts'
import { agentWorkflow } from './agent-workflow.ts'
import { assertTenant, type Tenant } from '../protocol/tenant.ts'
import { accessKeyMethods } from './access-keys.ts'
import { asideMethods } from './asides.ts'
import { archivalMethods, type PassageEmbedder } from './archival.ts'
import { assertMessageQuery, assertPage } from './assert-input.ts'
import { budgetMethods } from './budgets.ts'
import { assertFits } from '../definition/assert-fits.ts'
import { defineAgent, definitionDigest } from '../definition/define-agent.ts'
import { turnWaiting } from './await-turn.ts'
import { commandMethods } from './commands.ts'
import { definitionMethods } from './definitions.ts'
import { depositing } from './deposit-event.ts'
import { documentMethods } from './documents.ts'
import { giveEvent } from './give-event.ts'
import { heldUp } from './held-up.ts'
import { importMethods } from './import-conversation.ts'
import { listMethods } from './list-agents.ts'
import { look } from './look.ts'
import { presentContext } from './present-context.ts'
import { promptMethods } from './prompt.ts'
import { recoverMethods } from './recover.ts'
import { storeAgent } from './store-agent.ts'
import { signalWithStart, startAgent } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { tenantClient } from './tenant-client.ts'
import { timerMethods } from './timers.ts'
import type { Accepted } from './types.ts'
import { waitingMethods } from './waiting.ts'
import { watchMethods } from './watch/watch.ts'
import { blockOf, blockWriteMethods } from './write-block.ts'
import type { PerdureClient } from './perdure-client.ts'

export type { PerdureClient }

/**
 * @param options.stores the same set that the workers use
 * @param options.embedder the same that the workers have; only archival memory for a person needs it
 * @param options.tenant whose agents, blocks and access keys it has to do with: it finds no others, and can't name them. 1 to 64 of `a-z`, `0-9`,
 * `-`, `_`, beginning with a letter or digit. Default: the default tenant, which has no name
 * @throws PerdureError `invalid-argument` for a name that no tenant can have
 */
export function createClient(options: ClientOptions): PerdureClient {
  const { tenant } = options
  if (tenant === undefined) return clientWithin(options)
  assertTenant(tenant)
  return tenantClient(clientWithin(options), tenant)
}

export interface ClientOptions extends AgentWorkflows {
  readonly stores: Stores
  readonly embedder?: PassageEmbedder
  /** Address of Temporal's Web UI, as a browser reaches it: `http://127.0.0.1:8233`. Default: none is known. */
  readonly temporalUi?: string
  readonly tenant?: Tenant | undefined
}

/** It takes what the tenant says, and answers with the ids that stores have. */
function clientWithin(options: ClientOptions): PerdureClient {
  const { stores, tenant } = options
  const { memory, archival } = stores

  const names = agentNames(memory.agents, tenant)
  const { agentOf, known } = names
  const deposited = depositing(options, memory)
  const { awaitTurn, outcome } = turnWaiting(options, stores)

  return {
    ...waitingMethods(options, memory, names),
    ...commandMethods(options, memory.agents, names),
    ...definitionMethods(options, memory, names),
    ...budgetMethods(options, memory, names),
    ...timerMethods(options, memory.events, names),
    ...importMethods(options, stores, tenant),
    ...recoverMethods(options, memory, names),
    ...listMethods(options, memory, names),
    ...documentMethods(options, stores, names),
    ...archivalMethods(stores, options.embedder, names),
    ...watchMethods(stores, names),
    ...promptMethods(memory, names),
    ...asideMethods(options, stores, names),
    ...accessKeyMethods(memory.accessKeys, tenant),
    ...blockWriteMethods(memory, names),
    create: async (input) => {
      const definition = defineAgent(input)
      assertFits(definition)
      const digest = definitionDigest(definition)
      const creation = randomUUID()
      const agent = await storeAgent(options, memory.agents, { tenant, definition, digest, createdAt: new Date().toISOString(), creation })
      if (agent.archivedAt) throw new PerdureError('agent-archived', `agent ${JSON.stringify(definition.id)} was archived; choose another id`)
      if (agent.digest !== digest) {
        throw new PerdureError('agent-exists', `an agent ${JSON.stringify(definition.id)} exists with another definition; choose another id, or delete it first`)
      }
      await startAgent(options, agent)
      return { created: agent.creation === creation, agent }
    },
    get: (agentId) => names.find(agentId),
    send: async (agentId, text, send = {}) => {
      const agent = await agentOf(agentId)
      return deposited(agent, text, send, async (event, accepted) => {
        const result = await awaitTurn(agent, event, {
          ...send,
          again: send.eventId !== undefined,
          accepted: async (answer) => {
            await accepted()
            send.onAccepted?.(acceptance(event, answer))
          },
        })
        return { ...result, ...repetition(event) }
      })
    },
    post: async (agentId, text, send = {}) => {
      const agent = await agentOf(agentId)
      return deposited(agent, text, send, async (event, accepted) => {
        const answer = await giveEvent(options, { agent, event, signal: send.signal, acceptMs: send.acceptMs })
        await accepted()
        const told = acceptance(event, answer)
        send.onAccepted?.(told)
        return told
      })
    },
    signal: async (agentId, text, send = {}) => {
      const agent = await agentOf(agentId)
      return deposited(agent, text, send, async (event, accepted) => {
        await signalWithStart(options, agent, handlerNames.eventSignal, givenBySignal(event, agent))
        await accepted()
        return { eventId: event.id, ...repetition(event) }
      })
    },
    outcome: async (agentId, eventId, wait = {}) => outcome((await known(agentId)).key, eventId, wait),
    hasEvent: async (agentId, eventId) => {
      const { key } = await known(agentId)
      const [sent, begun, record] = await Promise.all([memory.events.get(key, eventId), memory.messages.byOp(key, opOf.event(key, eventId)), memory.turns.byEvent(key, eventId)])
      return sent !== undefined || begun !== undefined || record !== undefined
    },
    state: async (agentId) => {
      const agent = await known(agentId)
      const { running, ...view } = await look<AgentView>(options, agent, { query: handlerNames.state })
      const { retrying, paused } = view.status === 'idle' ? {} : await heldUp(options.temporal, agent.key)
      // That a parked agent's stores are asked in vain is what it is parked for.
      return { ...view, ...(running && { running: { ...running, ...(retrying && view.status === 'running' && { retrying }) } }), ...(paused && { paused }), agentId: nameOf(view.agentId) }
    },
    context: async (agentId) => presentContext(options, memory.messages, await known(agentId)),
    blocks: async (agentId) => {
      const readings = await readBlocks((await agentOf(agentId)).definition, memory.blocks)
      return readings.map(({ definition, version, value }) => ({ ...definition, version, value }))
    },
    blocksAsSeen: async (agentId) => {
      const agent = await agentOf(agentId)
      const { blockVersions, seenDefinition } = await look<AgentView>(options, agent, { query: handlerNames.state })
      const then = seenDefinition === undefined || seenDefinition === (agent.version ?? 1) ? undefined : await memory.definitions.get(agent.key, seenDefinition)
      const seen = agent.definition.blocks.map(async (definition) => {
        // A block may have been renamed since.
        const { label } = then?.definition.blocks.find(({ blockId }) => blockId === definition.blockId) ?? definition
        const version = versionIn(blockVersions, label)
        const stored = version > 0 ? await memory.blocks.version(definition.blockId, version) : undefined
        return { ...definition, version, value: stored?.value ?? definition.value }
      })
      return Promise.all(seen)
    },
    blockHistory: async (agentId, label, limit = 50) => {
      assertPage({ limit })
      const { id, blocks } = (await agentOf(agentId)).definition
      return memory.blocks.history(blockOf(id, blocks, label).blockId, limit)
    },
    checkpoints: async (agentId) => memory.checkpoints.list((await known(agentId)).key),
    messages: async (agentId, { after = 0, limit = limits.pageSize } = {}) => {
      assertPage({ after, limit })
      return memory.messages.after((await known(agentId)).key, after, limit)
    },
    searchRecall: async (agentId, search = {}) => {
      assertMessageQuery(search)
      const order = search.order ?? (search.text === undefined ? 'newest' : 'relevance')
      const query = { offset: 0, limit: 20, ...search, order }
      return searchRecall({ stores, embedder: options.embedder, agentId: (await known(agentId)).key, query, askedAt: new Date().toISOString() })
    },
    workflow: async (agentId) => agentWorkflow(options, (await known(agentId)).key),
    counts: async (agentId) => {
      const { key } = await known(agentId)
      const [recall, stored] = await Promise.all([memory.messages.count(key), archival.count(key)])
      return { recall, archival: stored }
    },
  }
}

const acceptance = (event: IncomingEvent, answer: EventAnswer): Accepted => ({
  eventId: event.id,
  position: 'position' in answer ? answer.position : 0,
  ...(answer.status === 'parked' && { parked: answer.parked }),
  ...repetition(event),
})

const repetition = ({ again }: IncomingEvent): { readonly repeated?: true } => (again ? { repeated: true } : {})
