import { PerdureError } from '../protocol/errors.ts'
import type { Tenant } from '../protocol/tenant.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { ClientTool } from './client-tool.ts'
import type { PerdureClient } from './perdure-client.ts'
import type { LoadOptions, LoadProgress } from './documents.ts'
import type { AgentPage } from './list-agents.ts'
import { outsideOf, type Outside } from './outside.ts'
import type { Accepted, SendOptions } from './types.ts'

/** What each method answers, as the tenant is told. A method that is missing here is an error of the compiler. */
type Told = { readonly [Method in Answering]: (answer: Awaited<ReturnType<PerdureClient[Method]>>) => unknown }
type Answering = Exclude<keyof PerdureClient, 'watch'>

const same = <Answer>(answer: Answer): Answer => answer

function toldBy({ id, agent, author, definition, detailed, message, named, passage, prompt, stopped, view, parked }: Outside): Told {
  const withAgent = <Answer extends { readonly agent: StoredAgent }>(answer: Answer): Answer => ({ ...answer, agent: agent(answer.agent) })
  const withDefinition = <Answer extends { readonly definition: StoredAgent['definition'] }>(answer: Answer): Answer => ({ ...answer, definition: definition(answer.definition) })
  const withOp = <Answer extends { readonly op: string }>(answer: Answer): Answer => ({ ...answer, op: id(answer.op) })
  return {
    create: withAgent,
    importConversation: withAgent,
    get: (found) => found && agent(found),
    list: (listed: AgentPage | readonly StoredAgent[]) => ('agents' in listed ? { ...listed, agents: listed.agents.map(agent) } : listed.map(agent)),
    send: stopped,
    outcome: stopped,
    post: (accepted) => acceptedBy(accepted, parked),
    signal: same,
    hasEvent: same,
    state: view,
    context: (messages) => messages.map(message),
    messages: (messages) => messages.map(message),
    searchRecall: (found) => ({ ...found, messages: found.messages.map(message) }),
    prompt,
    aside: same,
    blocks: (blocks) => blocks.map(named),
    blocksAsSeen: (blocks) => blocks.map(named),
    blockHistory: (versions) => versions.map(author),
    editBlock: author,
    undoBlock: author,
    checkpoints: same,
    counts: same,
    workflow: () => undefined,
    command: detailed,
    cancel: same,
    resume: same,
    delete: same,
    update: withDefinition,
    undoDefinition: withDefinition,
    definitions: (versions) => versions.map((version) => ({ ...withDefinition(named(version)), author: id(version.author) })),
    compareDefinitions: same,
    setBudget: same,
    cost: same,
    waiting: (calls) => calls.map(named),
    approve: same,
    refuse: same,
    answerCall: same,
    serveTools: same,
    schedule: same,
    unschedule: same,
    timers: same,
    recover: same,
    loadDocuments: same,
    unloadDocuments: same,
    documents: (page) => ({ ...page, documents: page.documents.map(named) }),
    searchArchival: (found) => ({ ...found, passages: found.passages.map(passage) }),
    passages: (passages) => passages.map(passage),
    passage,
    insertPassage: withOp,
    editPassage: same,
    supersedePassage: withOp,
    deletePassage: same,
    createAccessKey: same,
    accessKeys: same,
    revokeAccessKey: same,
  }
}

/**
 * A tenant's client as the tenant knows its things. What it asks for was found within the tenant before it comes here (`agent-names.ts`): this
 * is about names alone.
 */
export function tenantClient(client: PerdureClient, tenant: Tenant): PerdureClient {
  const outside = outsideOf(tenant)
  const told = toldBy(outside) as Readonly<Record<Answering, (answer: unknown) => unknown>>
  const asks = client as unknown as Readonly<Record<Answering, (...asked: Asked) => Promise<unknown>>>
  const telling = (method: Answering) => async (...asked: Asked): Promise<unknown> => {
    try {
      return told[method](await asks[method](...(calledBack[method]?.(asked, outside) ?? asked)))
    } catch (error) {
      throw inWordsOf(outside, error)
    }
  }
  const methods = Object.fromEntries((Object.keys(told) as Answering[]).map((method) => [method, telling(method)]))
  return {
    ...(methods as unknown as Omit<PerdureClient, 'watch'>),
    watch: (agentId, options) => {
      const events = client.watch(agentId, options)
      const next = async () => {
        try {
          const told = await events.next()
          return told.done === true ? told : { ...told, value: outside.event(told.value) }
        } catch (error) {
          throw inWordsOf(outside, error)
        }
      }
      return {
        next,
        ...(events.return && { return: events.return.bind(events) }),
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}

type Asked = readonly unknown[]
type CalledBack = (asked: Asked, outside: Outside) => Asked

/** Of methods that call back, what they were asked, with functions that are told as the tenant is. */
const calledBack: Readonly<Partial<Record<Answering, CalledBack>>> = {
  send: acceptedAs,
  post: acceptedAs,
  signal: acceptedAs,
  loadDocuments: progressAs,
  unloadDocuments: progressAs,
  serveTools: ([agentId, tools, options], { id }) => [agentId, (tools as readonly ClientTool[]).map((tool): ClientTool => ({ ...tool, run: (args, context) => tool.run(args, { ...context, op: id(context.op) }) })), options],
}

function acceptedAs([agentId, text, options = {}]: Asked, { parked }: Outside): Asked {
  const { onAccepted, ...send } = options as SendOptions
  return [agentId, text, { ...send, ...(onAccepted && { onAccepted: (accepted: Accepted) => onAccepted(acceptedBy(accepted, parked)) }) }]
}

const acceptedBy = (accepted: Accepted, parked: Outside['parked']): Accepted => ({ ...accepted, ...(accepted.parked && { parked: parked(accepted.parked) }) })

function progressAs([agentId, files, options = {}]: Asked, { named }: Outside): Asked {
  const { onProgress, ...load } = options as LoadOptions
  const progress = (told: LoadProgress) => onProgress?.({ ...told, ...(told.workflow && { workflow: named(told.workflow) }) })
  return [agentId, files, { ...load, ...(onProgress && { onProgress: progress }) }]
}

function inWordsOf({ words }: Outside, error: unknown): unknown {
  if (!PerdureError.isInstance(error) || words(error.message) === error.message) return error
  return new PerdureError(error.code, words(error.message), { cause: error.cause })
}
