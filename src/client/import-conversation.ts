import { createHash, randomUUID } from 'node:crypto'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { assertEventText } from '../protocol/events.ts'
import { opOf } from '../protocol/ids.ts'
import { isIsoTime } from '../protocol/iso-time.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import { outerId, tenantOf, type Tenant } from '../protocol/tenant.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MessageStore } from '../stores/messages.ts'
import type { Stores } from '../stores/stores.ts'
import { assertFits } from '../definition/assert-fits.ts'
import { defineAgent, definitionDigest, type AgentInput } from '../definition/define-agent.ts'
import { storeAgent } from './store-agent.ts'
import { startAgent } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'

/** One message of a conversation that took place elsewhere. */
export interface ImportedMessage {
  /** `assistant`: what the agent is to take for its own words. */
  readonly role: 'user' | 'assistant'
  readonly text: string
  /** ISO 8601: when it was said. Never before the message before it. */
  readonly at: string
}

/** @throws PerdureError `invalid-argument`, `message-empty` or `message-too-large`, naming the message by its number from 1 */
function assertImportable(messages: readonly ImportedMessage[]): void {
  if (messages.length === 0) throw invalidArgument('there are no messages to import')
  let before = -Infinity
  for (const [index, { role: given, text, at }] of messages.entries()) {
    const role: string = given
    const where = `message ${index + 1}`
    const time = Date.parse(at)
    if (role !== 'user' && role !== 'assistant') throw invalidArgument(`${where}: role is user or assistant`)
    if (typeof text !== 'string') throw invalidArgument(`${where}: text is a string`)
    if (!isIsoTime(at)) throw invalidArgument(`${where}: at is a time in ISO 8601, like 2024-05-08T13:56:00Z`)
    if (time < before) throw invalidArgument(`${where} was said before the one that stands before it; give messages in their order of time`)
    before = time
    try {
      assertEventText({ kind: 'user-message', bytes: Buffer.byteLength(text), blank: text.trim() === '' })
    } catch (error) {
      if (PerdureError.isInstance(error)) throw new PerdureError(error.code, `${where}: ${error.message}`)
      throw error
    }
  }
}

/** Names an import by what it brings: the same again goes on where it was. */
function originOf(messages: readonly ImportedMessage[]): string {
  return `import/${createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, 32)}`
}

/**
 * Puts the messages into recall memory with their own times, as an agent of ours would have left them: what the user said begins
 * a turn, what the agent said is the result of a `send_message`. Insert if absent, so it may be repeated. The agent's workflow
 * must not have been started yet: when it starts it finds them, and its queue begins with the latest.
 */
export async function storeConversation(store: MessageStore, agentId: string, model: string, messages: readonly ImportedMessage[]): Promise<void> {
  let turn = 0
  let step = 0
  let seq = 0
  for (const [index, { role, text, at: said }] of messages.entries()) {
    const at = new Date(said).toISOString()
    if (role === 'user' || turn === 0) {
      turn += 1
      step = 0
    }
    // Counted where the model is: 0 stands for "not counted yet".
    const place = { agentId, turn, tokens: 0, at }
    if (role === 'user') {
      const eventId = `import-${index + 1}`
      await store.insert({ ...place, op: opOf.event(agentId, eventId), seq: (seq += 1), step: 0, role, kind: 'user-message', eventId, text })
      continue
    }
    step += 1
    for (const message of saidByAgent({ place: { ...place, step }, seq, text, model })) await store.insert(message)
    seq += 2
  }
}

function saidByAgent(options: {
  readonly place: Pick<StoredMessage, 'agentId' | 'turn' | 'step' | 'tokens' | 'at'>
  readonly seq: number
  readonly text: string
  readonly model: string
}): readonly StoredMessage[] {
  const { place, seq, text, model } = options
  const op = opOf.step(place.agentId, place.turn, place.step)
  const callId = outerId(tenantOf(op), op).replaceAll('/', '-')
  return [
    { ...place, op, seq: seq + 1, role: 'assistant', text: '', model, calls: [{ id: callId, name: 'send_message', arguments: JSON.stringify({ message: text }) }] },
    { ...place, op: opOf.call(op, 0), seq: seq + 2, role: 'tool', callId, toolName: 'send_message', ok: true, text: 'Sent.', reply: text },
  ]
}

export interface ImportMethods {
  /**
   * Creates an agent that remembers a conversation which took place elsewhere: all of it is in recall memory with its own times, the
   * latest of it in the context. The way in for people who move here, and for benchmarks. May be repeated after a crash: the same
   * agent with the same messages goes on where it was; after that it changes nothing.
   * @throws PerdureError `agent-exists` where the id is taken by anything else; `invalid-argument`, `message-empty`, `message-too-large` naming the message;
   * `tool-unknown` as `create`
   */
  importConversation(input: AgentInput, messages: readonly ImportedMessage[]): Promise<{ readonly agent: StoredAgent; readonly messages: number }>
}

export function importMethods(workflows: AgentWorkflows, { memory }: Stores, tenant: Tenant | undefined): ImportMethods {
  return {
    importConversation: async (input, given) => {
      const definition = defineAgent(input)
      assertFits(definition)
      assertImportable(given)
      const messages = given.map((message) => ({ ...message, text: wellFormed(message.text) }))
      const [digest, origin] = [definitionDigest(definition), originOf(messages)]
      // Made unlike any other, as a worker may still hold messages of a deleted agent that was imported from the same.
      const creation = `${origin}/${randomUUID()}`
      const agent = await storeAgent(workflows, memory.agents, { tenant, definition, digest, createdAt: new Date().toISOString(), creation })
      if (agent.creation?.startsWith(origin) !== true || agent.digest !== digest || agent.archivedAt !== undefined) {
        throw new PerdureError('agent-exists', `there is an agent ${JSON.stringify(definition.id)} that came from something else; import under another id, or delete it first`)
      }
      await storeConversation(memory.messages, agent.key, definition.model, messages)
      await startAgent(workflows, agent)
      return { agent, messages: messages.length }
    },
  }
}
