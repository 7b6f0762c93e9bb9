import { randomUUID } from 'node:crypto'
import { assertOffered, toolsOfMessage } from '../definition/tools-of-message.ts'
import type { ClientToolDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { assertEventKind, assertEventText, assertSenderEventId, type IncomingEvent } from '../protocol/events.ts'
import type { EventAnswer } from '../protocol/handlers.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { readBlocks } from '../stores/core-memory.ts'
import { isSameEvent } from '../stores/same-event.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { assertText } from './assert-input.ts'
import { presentAnswer } from './give-event.ts'
import type { SendOptions } from './types.ts'

type Said = Pick<SendOptions, 'eventId' | 'kind' | 'clientTools'>

/** Gives the event to its agent. Calls `accepted` as soon as the workflow has it. */
export type Give<Result> = (event: IncomingEvent, accepted: () => Promise<void>) => Promise<Result>

/** An event of which its workflow says so is the workflow's to take up. */
const waiting: readonly EventAnswer['status'][] = ['queued', 'parked', 'carried']

/** How long a workflow is asked whether it has the event after all. */
const askingMs = 5_000

/** The body first, then the word of it: after a crash in between a worker gives it to the agent, though nobody was told that it was accepted. */
export function depositing(workflows: AgentWorkflows, { events, blocks }: Pick<MemoryStore, 'events' | 'blocks'>) {
  const { taskQueue } = workflows

  /** A message that was sent before is the same message, whatever the agent has come to have since. */
  const assertToolsOffered = async (agent: StoredAgent, eventId: string, tools: readonly ClientToolDefinition[]): Promise<void> => {
    const values = (await readBlocks(agent.definition, blocks)).map(({ value }) => value)
    try {
      assertOffered(tools, { definition: agent.definition, documents: agent.documents, values })
    } catch (error) {
      if ((await events.get(agent.key, eventId)) === undefined) throw error
    }
  }

  const deposit = async (agent: StoredAgent, given: string, { eventId = randomUUID(), kind = 'user-message', clientTools }: Said): Promise<IncomingEvent> => {
    assertSenderEventId(eventId)
    assertEventKind(kind)
    assertText(given, 'a message')
    // The text as the store will have it, so that the same text sent again is recognised.
    const text = wellFormed(given)
    const bytes = Buffer.byteLength(text)
    assertEventText({ kind, bytes, blank: text.trim() === '' })
    const tools = toolsOfMessage(clientTools)
    if (tools !== undefined) await assertToolsOffered(agent, eventId, tools)
    const agentId = agent.key
    const body = { agentId, eventId, kind, text, sentAt: new Date().toISOString(), ...(tools && { clientTools: tools }) }
    const [{ body: stored, fresh }, after] = await Promise.all([events.deposit(body, taskQueue), events.latestPending(agentId, eventId)])
    if (!isSameEvent(stored, body)) {
      throw new PerdureError('event-conflict', `event ${eventId} was already sent with another text, or other tools; a new message needs a new id`)
    }
    return { id: eventId, kind, bytes, ...(tools && { tools: true }), ...(after !== undefined && { after }), ...(!fresh && { again: true }) }
  }

  /** The same may have been sent twice at once, and the other one accepted: then it stays pending. Where nobody answers, it was not. */
  const withdraw = async (agent: StoredAgent, eventId: string): Promise<void> => {
    const answer = await presentAnswer({ ...workflows, patienceMs: askingMs }, agent, eventId).catch(() => null)
    if (answer === null || !waiting.includes(answer.status)) await events.withdraw(agent.key, eventId)
  }

  /**
   * Nobody is to take up later a message whose sender was told that it was not accepted. Where a server is away nobody can tell: then it
   * stays, and has its turn when it can.
   */
  return async <Result>(agent: StoredAgent, text: string, said: Said, give: Give<Result>): Promise<Result> => {
    const event = await deposit(agent, text, said)
    const accepted = async (): Promise<void> => {
      // Whoever sent it first may have been refused meanwhile, and have withdrawn it.
      if (event.again) await events.pendAgain(agent.key, event.id, taskQueue).catch(() => undefined)
    }
    try {
      return await give(event, accepted)
    } catch (error) {
      if (!event.again && PerdureError.isInstance(error) && error.code !== 'server-unavailable') await withdraw(agent, event.id).catch(() => undefined)
      throw error
    }
  }
}
