import { randomUUID } from 'node:crypto'
import { nameOf } from '../protocol/agent-key.ts'
import { PerdureError } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import { limits } from '../protocol/limits.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { QueueEntry } from '../protocol/context.ts'
import { seqRanges } from '../protocol/seq-ranges.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { readBlocks, restoreBlock, undoBlock } from '../stores/core-memory.ts'
import type { BlockVersion, MessageQuery, StoredAgent, Stores } from '../stores/stores.ts'
import { agentNames } from './agent-names.ts'
import { archivalMethods, type PassageEmbedder } from './archival.ts'
import type { ArchivalMethods } from './archival-methods.ts'
import { assertAuthor, assertMessageQuery, assertPage, assertText } from './assert-input.ts'
import { budgetMethods, type BudgetMethods } from './budgets.ts'
import { assertFits } from '../definition/assert-fits.ts'
import { defineAgent, definitionDigest, type AgentInput } from '../definition/define-agent.ts'
import { turnWaiting } from './await-turn.ts'
import { commandMethods, type CommandMethods } from './commands.ts'
import { definitionMethods, type DefinitionMethods } from './definitions.ts'
import { deposits } from './deposit-event.ts'
import { documentMethods, type DocumentMethods } from './documents.ts'
import { giveEvent } from './give-event.ts'
import { importMethods, type ImportMethods } from './import-conversation.ts'
import { listMethods, type ListMethods } from './list-agents.ts'
import { recoverMethods, type RecoverMethods } from './recover.ts'
import { storeAgent } from './store-agent.ts'
import { query, signalWithStart, startAgent } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { timerMethods, type TimerMethods } from './timers.ts'
import type { Accepted, BlockView, SendOptions, TurnResult, WaitOptions } from './types.ts'
import { waitingMethods } from './waiting.ts'
import type { WaitingMethods } from './call-to-answer.ts'
import { watchMethods, type WatchMethods } from './watch/watch.ts'

/**
 * The typed client of Perdure. It speaks to agents' workflows, and to the stores for three things only: definitions and bodies
 * of events, which it puts there before the workflow hears of them, and reading.
 *
 * Every method that reaches Temporal waits up to a minute (`patienceMs`) for a server that is away, then throws `server-unavailable`, or
 * for a worker, then throws `no-worker`. Only a worker can accept a message: one that was turned away so is stored, and to be sent again
 * under its id. A signal needs no worker. What was accepted is waited for as long as it takes, also where all workers go away.
 * Unless another error is named, an unknown id throws `agent-unknown` and an archived one `agent-archived`.
 */
export interface PerdureClient
  extends CommandMethods, DefinitionMethods, BudgetMethods, WaitingMethods, TimerMethods, ImportMethods, RecoverMethods, DocumentMethods, ArchivalMethods, ListMethods, WatchMethods {
  /**
   * Stores the agent and starts its workflow. The same definition again changes nothing.
   * @throws PerdureError `agent-exists` for another definition under the id, `agent-archived`, `invalid-argument`, `definition-too-large`,
   * `block-private` for a block of another agent that does not share it
   */
  create(input: AgentInput): Promise<{ readonly created: boolean; readonly agent: StoredAgent }>
  get(agentId: string): Promise<StoredAgent | undefined>
  /**
   * Sends an event and waits for its turn's end, or until the agent parks (`end: 'parked'`; the turn goes on later; `waiting` names the
   * calls that wait for somebody). With `until: 'end'` it waits through parks too.
   * Safe to repeat under the same `eventId`: same turn, same answer, whatever died in between.
   * @throws PerdureError `message-empty`, `message-too-large`, `mailbox-full`, `event-conflict`, `tool-conflict`
   */
  send(agentId: string, text: string, options?: SendOptions): Promise<TurnResult>
  /** The same as `send`, but returns as soon as the event is durable. */
  post(agentId: string, text: string, options?: SendOptions): Promise<Accepted>
  /** Signal with start: nobody waits, not even for a validator, so what is malformed is only counted. */
  signal(agentId: string, text: string, options?: SendOptions): Promise<{ readonly eventId: string }>
  /** The end of an event's turn, however it was sent, or what it is parked for, unless `until` is `end`. Waits for it; stop by `signal`. */
  outcome(agentId: string, eventId: string, options?: WaitOptions): Promise<TurnResult>
  /** Works while a turn runs; needs a worker. */
  state(agentId: string): Promise<AgentView>
  /** The messages in the agent's context now, oldest first. */
  context(agentId: string): Promise<readonly StoredMessage[]>
  blocks(agentId: string): Promise<readonly BlockView[]>
  /** Core memory as the model saw it at its last inference. Needs a worker. */
  blocksAsSeen(agentId: string): Promise<readonly BlockView[]>
  /** Newest first. */
  blockHistory(agentId: string, label: string, limit?: number): Promise<readonly BlockVersion[]>
  /** Sets a block's value, also a read-only one's. The agent sees it at its next step. @throws `block-too-large`, `block-unknown` */
  editBlock(agentId: string, label: string, value: string, author?: string): Promise<BlockVersion>
  /** Goes back to the version before the present one, or to `to`. @throws `nothing-to-undo`, `block-unknown` */
  undoBlock(agentId: string, label: string, options?: { readonly to?: number; readonly author?: string }): Promise<BlockVersion>
  /** Recall memory, ascending from `after`. */
  messages(agentId: string, options?: { readonly after?: number; readonly limit?: number }): Promise<readonly StoredMessage[]>
  searchRecall(agentId: string, query: Partial<MessageQuery>): Promise<{ readonly total: number; readonly messages: readonly StoredMessage[] }>
  counts(agentId: string): Promise<{ readonly recall: number; readonly archival: number }>
}

/**
 * @param options.stores the same set that the workers use
 * @param options.embedder the same that the workers have; only archival memory for a person needs it
 */
export function createClient(options: AgentWorkflows & { readonly stores: Stores; readonly embedder?: PassageEmbedder }): PerdureClient {
  const { stores } = options
  const { memory, archival } = stores

  const names = agentNames(memory.agents)
  const { agentOf, known } = names
  const blockOf = async (agentId: string, label: string) => {
    const { blocks } = (await agentOf(agentId)).definition
    const block = blocks.find((candidate) => candidate.label === label)
    if (block) return block
    throw new PerdureError('block-unknown', `agent ${agentId} has no block ${JSON.stringify(label)}; it has ${blocks.map((known) => known.label).join(', ')}`)
  }
  const personWrite = (author: string | undefined) => {
    assertAuthor(author)
    const op = `person/${randomUUID()}`
    return { blocks: memory.blocks, op, author: author ?? 'person', turn: 0, at: new Date().toISOString(), byPerson: true }
  }

  const { deposit, withdrawing } = deposits(memory.events, options.taskQueue)
  const { awaitTurn, outcome } = turnWaiting(options, memory)

  return {
    ...waitingMethods(options, memory, names),
    ...commandMethods(options, memory.agents, names),
    ...definitionMethods(options, memory, names),
    ...budgetMethods(options, memory, names),
    ...timerMethods(options, memory.events, names),
    ...importMethods(options, stores),
    ...recoverMethods(options, memory, names),
    ...listMethods(options, memory),
    ...documentMethods(options, stores, names),
    ...archivalMethods(stores, options.embedder, names),
    ...watchMethods(stores, names),
    create: async (input) => {
      const definition = defineAgent(input)
      assertFits(definition)
      const digest = definitionDigest(definition)
      const creation = randomUUID()
      const agent = await storeAgent(memory.agents, { definition, digest, createdAt: new Date().toISOString(), creation })
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
      const deposited = await deposit(agent, text, send)
      const { event } = deposited
      return withdrawing(agent, deposited, awaitTurn(agent, event, { ...send, again: send.eventId !== undefined }))
    },
    post: async (agentId, text, send = {}) => {
      const agent = await agentOf(agentId)
      const deposited = await deposit(agent, text, send)
      const { event } = deposited
      const answer = await withdrawing(agent, deposited, giveEvent(options, { agent, event, signal: send.signal }))
      return {
        eventId: event.id,
        position: 'position' in answer ? answer.position : 0,
        ...(answer.status === 'parked' && { parked: answer.parked }),
      }
    },
    signal: async (agentId, text, send = {}) => {
      const agent = await agentOf(agentId)
      const deposited = await deposit(agent, text, send)
      const { event } = deposited
      await withdrawing(agent, deposited, signalWithStart(options, agent, handlerNames.eventSignal, [event]))
      return { eventId: event.id }
    },
    outcome: async (agentId, eventId, wait = {}) => outcome((await known(agentId)).key, eventId, wait),
    state: async (agentId) => {
      const view = await query<AgentView>(options, await known(agentId), handlerNames.state)
      return { ...view, agentId: nameOf(view.agentId) }
    },
    context: async (agentId) => {
      const agent = await known(agentId)
      const queue = await query<readonly QueueEntry[]>(options, agent, handlerNames.queue)
      return memory.messages.ranges(agent.key, seqRanges(queue.map(([seq]) => seq)))
    },
    blocks: async (agentId) => {
      const readings = await readBlocks((await agentOf(agentId)).definition, memory.blocks)
      return readings.map(({ definition, version, value }) => ({ ...definition, version, value }))
    },
    blocksAsSeen: async (agentId) => {
      const agent = await agentOf(agentId)
      const { blockVersions } = await query<AgentView>(options, agent, handlerNames.state)
      const seen = agent.definition.blocks.map(async (definition) => {
        const version = (Object.hasOwn(blockVersions, definition.label) && blockVersions[definition.label]) || 0
        const stored = version > 0 ? await memory.blocks.version(definition.blockId, version) : undefined
        return { ...definition, version, value: stored?.value ?? definition.value }
      })
      return Promise.all(seen)
    },
    blockHistory: async (agentId, label, limit = 50) => {
      assertPage({ limit })
      return memory.blocks.history((await blockOf(agentId, label)).blockId, limit)
    },
    editBlock: async (agentId, label, value, author) => {
      assertText(value, 'the value of a block')
      return restoreBlock({ ...personWrite(author), definition: await blockOf(agentId, label), value: wellFormed(value) })
    },
    undoBlock: async (agentId, label, { to, author } = {}) =>
      undoBlock({ ...personWrite(author), definition: await blockOf(agentId, label), ...(to !== undefined && { to }) }),
    messages: async (agentId, { after = 0, limit = limits.pageSize } = {}) => {
      assertPage({ after, limit })
      return memory.messages.after((await known(agentId)).key, after, limit)
    },
    searchRecall: async (agentId, search) => {
      assertMessageQuery(search)
      const order = search.order ?? (search.text === undefined ? 'newest' : 'relevance')
      return memory.messages.search((await known(agentId)).key, { offset: 0, limit: 20, ...search, order })
    },
    counts: async (agentId) => {
      const { key } = await known(agentId)
      const [recall, stored] = await Promise.all([memory.messages.count(key), archival.count(key)])
      return { recall, archival: stored }
    },
  }
}
