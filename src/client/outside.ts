import type { AgentDefinition } from '../protocol/definition.ts'
import type { AgentView } from '../protocol/handlers.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { Parked } from '../protocol/state.ts'
import { outerId, prefixOf, type Tenant } from '../protocol/tenant.ts'
import type { TurnEvent } from '../protocol/turn-event.ts'
import type { WaitingCall } from '../protocol/waiting.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { BlockVersion } from '../stores/blocks.ts'
import type { StepPrompt } from '../prompt/step-prompt.ts'
import type { PassageView } from './passage-view.ts'

/** How a tenant is told of its things: under the ids that it has given them, as the inner ones are nobody's business but the stores'. */
export interface Outside {
  readonly id: (inner: string) => string
  /** Of what is written for a person, such as the words of an error. */
  readonly words: (text: string) => string
  readonly detailed: <Thing extends { readonly detail?: string }>(thing: Thing) => Thing
  readonly agent: <Agent extends StoredAgent>(agent: Agent) => Agent
  readonly definition: (definition: AgentDefinition) => AgentDefinition
  /** Whatever is of an agent, or of a block, and was done by an operation. */
  readonly named: <Thing extends Named>(thing: Thing) => Thing
  readonly message: (message: StoredMessage) => StoredMessage
  readonly prompt: (prompt: StepPrompt) => StepPrompt
  readonly author: (version: BlockVersion) => BlockVersion
  readonly passage: <Passage extends PassageView>(passage: Passage) => Passage
  readonly stopped: <Thing extends { readonly detail?: string; readonly waiting?: readonly WaitingCall[] }>(thing: Thing) => Thing
  readonly parked: (parked: Parked) => Parked
  readonly view: (view: AgentView) => AgentView
  readonly event: (event: TurnEvent) => TurnEvent
}

interface Named {
  readonly agentId?: string
  readonly blockId?: string
  readonly op?: string
}

export function outsideOf(tenant: Tenant): Outside {
  const prefix = prefixOf(tenant)
  const id = (inner: string): string => outerId(tenant, inner)
  // Where an id begins: `api.acme.example` in the words of an error is a host, and no id of the tenant acme.
  const ids = new RegExp(`(?<![\\w.-])${prefix.replaceAll('.', '\\.')}`, 'g')
  const words = (text: string): string => text.replace(ids, '')
  const detailed: Outside['detailed'] = (thing) => (thing.detail === undefined ? thing : { ...thing, detail: words(thing.detail) })
  const named: Outside['named'] = (thing) => ({
    ...thing,
    ...(thing.agentId !== undefined && { agentId: id(thing.agentId) }),
    ...(thing.blockId !== undefined && { blockId: id(thing.blockId) }),
    ...(thing.op !== undefined && { op: id(thing.op) }),
  })
  const definition: Outside['definition'] = (given) => ({ ...given, blocks: given.blocks.map(named) })
  const stopped: Outside['stopped'] = (thing) => ({ ...detailed(thing), ...(thing.waiting && { waiting: thing.waiting.map(named) }) })
  const parked: Outside['parked'] = (given) => ({ ...detailed(given), ...(given.calls && { calls: given.calls.map(named) }) })
  const message: Outside['message'] = (given) => {
    const { context } = given
    const summary = context?.prompt?.summary
    return { ...named(given), ...(context?.prompt && summary !== undefined && { context: { ...context, prompt: { ...context.prompt, summary: id(summary) } } }) }
  }
  return {
    id,
    message,
    prompt: ({ madeOf, missing, ...prompt }) => ({ ...prompt, missing: missing.map(words), madeOf: { ...madeOf, ...(madeOf.summary !== undefined && { summary: id(madeOf.summary) }) } }),
    words,
    detailed,
    named,
    definition,
    stopped,
    parked,
    agent: (agent) => ({ ...agent, key: id(agent.key), definition: definition(agent.definition) }),
    // The agent signs with its key.
    author: (version) => ({ ...named(version), author: id(version.author) }),
    passage: (passage) => ({
      ...named(passage),
      ...(passage.supersedes !== undefined && { supersedes: id(passage.supersedes) }),
      ...(passage.supersededBy !== undefined && { supersededBy: id(passage.supersededBy) }),
      ...(passage.edits && { edits: passage.edits.map(named) }),
    }),
    view: (view) => ({
      ...view,
      ...(view.running && { running: { ...view.running, ...(view.running.retrying && { retrying: detailed(view.running.retrying) }) } }),
      ...(view.paused && { paused: view.paused.map((paused) => ({ ...paused, ...(paused.reason !== undefined && { reason: words(paused.reason) }) })) }),
      ...(view.parked && { parked: parked(view.parked) }),
      ...(view.waiting && { waiting: view.waiting.map(named) }),
      ...(view.lastOutcome && { lastOutcome: stopped(view.lastOutcome) }),
    }),
    event: (event) => {
      if (event.type === 'message') return { ...event, message: message(event.message) }
      if (event.type === 'replaced') return { ...event, key: id(event.key) }
      if (event.type === 'waiting') return { ...event, calls: event.calls.map(named) }
      return event.type === 'parked' || event.type === 'end' ? detailed(event) : event
    },
  }
}
