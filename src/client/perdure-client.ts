import type { AgentView } from '../protocol/handlers.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { BlockVersion } from '../stores/blocks.ts'
import type { FoundMessages, MessageQuery } from '../stores/messages.ts'
import type { AccessKeyMethods } from './access-keys.ts'
import type { AgentWorkflow } from './agent-workflow.ts'
import type { ArchivalMethods } from './archival-methods.ts'
import type { BudgetMethods } from './budgets.ts'
import type { AsideMethods } from './asides.ts'
import type { AgentInput } from '../definition/define-agent.ts'
import type { CommandMethods } from './commands.ts'
import type { DefinitionMethods } from './definitions.ts'
import type { DocumentMethods } from './documents.ts'
import type { ImportMethods } from './import-conversation.ts'
import type { ListMethods } from './list-agents.ts'
import type { PromptMethods } from './prompt.ts'
import type { RecoverMethods } from './recover.ts'
import type { TimerMethods } from './timers.ts'
import type { Accepted, BlockView, SendOptions, TurnResult, WaitOptions } from './types.ts'
import type { WaitingMethods } from './call-to-answer.ts'
import type { WatchMethods } from './watch/watch.ts'
import type { BlockWriteMethods } from './write-block.ts'

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
  extends CommandMethods, DefinitionMethods, BudgetMethods, WaitingMethods, TimerMethods, ImportMethods, RecoverMethods, DocumentMethods, ArchivalMethods, ListMethods, WatchMethods, PromptMethods, AsideMethods, AccessKeyMethods, BlockWriteMethods {
  /**
   * Stores the agent and starts its workflow. The same definition again changes nothing.
   * @throws PerdureError `agent-exists` for another definition under the id, `agent-archived`, `invalid-argument`, `definition-too-large`,
   * `block-private` for a block of another agent that does not share it, `tool-unknown` where a worker of the queue says, within two seconds,
   * that it does not know a tool. Where none answers, the agent is created; a tool that is unknown then is not offered to the model.
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
  signal(agentId: string, text: string, options?: SendOptions): Promise<Pick<Accepted, 'eventId' | 'repeated'>>
  /** The end of an event's turn, however it was sent, or what it is parked for, unless `until` is `end`. Waits for it; stop by `signal`. */
  outcome(agentId: string, eventId: string, options?: WaitOptions): Promise<TurnResult>
  /** Whether the stores know of such an event: it was sent, or has begun its turn. One whose text was given to Temporal itself is known from its turn on. */
  hasEvent(agentId: string, eventId: string): Promise<boolean>
  /** Works while a turn runs; needs a worker. */
  state(agentId: string): Promise<AgentView>
  /** The messages in the agent's context now, oldest first; of the step that runs those that are stored. */
  context(agentId: string): Promise<readonly StoredMessage[]>
  blocks(agentId: string): Promise<readonly BlockView[]>
  /** Core memory as the model saw it at its last inference. Needs a worker. */
  blocksAsSeen(agentId: string): Promise<readonly BlockView[]>
  /** Newest first. */
  blockHistory(agentId: string, label: string, limit?: number): Promise<readonly BlockVersion[]>
  /** What `save` has kept, and when (ISO 8601). */
  checkpoints(agentId: string): Promise<readonly { readonly name: string; readonly at: string }[]>
  /** Recall memory, ascending from `after`. */
  messages(agentId: string, options?: { readonly after?: number; readonly limit?: number }): Promise<readonly StoredMessage[]>
  searchRecall(agentId: string, query?: Partial<MessageQuery>): Promise<FoundMessages>
  /**
   * The workflow that the agent is, for an operator; known also while none runs. Undefined for a tenant, as Temporal holds all tenants.
   * @throws PerdureError `agent-unknown`
   */
  workflow(agentId: string): Promise<AgentWorkflow | undefined>
  counts(agentId: string): Promise<{ readonly recall: number; readonly archival: number }>
}
