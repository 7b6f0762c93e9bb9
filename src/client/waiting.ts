import { createHash, randomUUID } from 'node:crypto'
import { runtimeArgumentNames } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import { limits } from '../protocol/limits.ts'
import type { AnswerAccepted, AnswerBody, WaitingCall } from '../protocol/waiting.ts'
import { wellFormed, wellFormedJson } from '../protocol/well-formed.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import { assertAuthor, assertText } from './assert-input.ts'
import { look } from './look.ts'
import { serveTools } from './serve-tools.ts'
import { update } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import type { CallToAnswer, WaitingMethods } from './call-to-answer.ts'

/** Looked at before anything is stored under it. */
const callPattern = /^\d{1,15}\/\d{1,15}\/\d{1,6}$/

export function waitingMethods(workflows: AgentWorkflows, memory: MemoryStore, { agentOf, inner, known }: AgentNames): WaitingMethods {
  const waiting = async (agentId: string): Promise<readonly CallToAnswer[]> => {
    const agent = await known(agentId)
    const { running, waiting: calls = [] } = await look<AgentView>(workflows, agent, { query: handlerNames.state })
    return Promise.all(calls.map((call) => callToAnswer(memory, agent.key, running?.eventId ?? '', call)))
  }

  /** The body first, then the word of it: an answer that nobody was told of counts for nothing. */
  const answer = async (agentId: string, op: string, given: Omit<AnswerBody, 'agentId' | 'op' | 'id' | 'at'>): Promise<AnswerAccepted> => {
    const agent = await agentOf(agentId)
    assertAuthor(given.by)
    if (given.text !== undefined) assertText(given.text, 'an answer')
    const bytes = Buffer.byteLength((given.text ?? '') + (given.arguments ?? ''))
    if (bytes > limits.answerBytes) throw new PerdureError('message-too-large', `the answer has ${bytes} bytes, the limit is ${limits.answerBytes}; say less`)
    if (!isCallOf(agent.key, op)) throw new PerdureError('call-unknown', 'a call is named by its operation id, like ada/1/2/0')
    const id = answerDigest([op, given.answer, given.arguments ?? null, given.text ?? null, given.ok ?? null])
    await memory.answers.put({ agentId: agent.key, op, id, ...given, at: new Date().toISOString() })
    return update<AnswerAccepted>(workflows, agent, { name: handlerNames.answer, id: `${op}/${id}/${randomUUID()}`, input: { op, answer: given.answer, id }, urgent: true })
  }

  const answerCall: WaitingMethods['answerCall'] = (agentId, op, { text, ok = true, by }) =>
    answer(agentId, op, { answer: 'result', text: typeof text === 'string' ? wellFormed(text) : text, ok, ...(by !== undefined && { by }) })

  const methods: Omit<WaitingMethods, 'serveTools'> = {
    waiting,
    approve: (agentId, op, { arguments: edited, by } = {}) =>
      answer(agentId, inner(op), { ...(edited === undefined ? { answer: 'approve' } : { answer: 'edit', arguments: JSON.stringify(wellFormedJson(edited)) }), ...(by !== undefined && { by }) }),
    refuse: (agentId, op, { reason, by } = {}) => answer(agentId, inner(op), { answer: 'refuse', ...(reason !== undefined && { text: wellFormed(reason) }), ...(by !== undefined && { by }) }),
    answerCall: (agentId, op, result) => answerCall(agentId, inner(op), result),
  }
  // Within it calls have the ids that stores have.
  return { ...methods, serveTools: async (agentId, tools, { signal }) => serveTools({ agentId, key: (await known(agentId)).key, tools, signal, methods: { waiting, answerCall }, messages: memory.messages }) }
}

async function callToAnswer(memory: MemoryStore, agentId: string, eventId: string, call: WaitingCall): Promise<CallToAnswer> {
  const { op, name, since, until, edit } = call
  const at = op.lastIndexOf('/')
  const message = await memory.messages.byOp(agentId, op.slice(0, at))
  const edited = edit === undefined ? undefined : await memory.answers.get(agentId, op, edit)
  const written = edited?.arguments ?? message?.calls?.[Number(op.slice(at + 1))]?.arguments ?? '{}'
  return {
    op,
    name,
    for: call.for,
    arguments: argumentsIn(written),
    thoughts: message?.text ?? '',
    eventId,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  }
}

/** Only calls whose arguments could be read come to wait. */
function argumentsIn(written: string): Readonly<Record<string, unknown>> {
  const read = (written.trim() === '' ? {} : JSON.parse(written)) as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(read).filter(([key]) => !(runtimeArgumentNames as readonly string[]).includes(key)))
}

const isCallOf = (key: string, op: string): boolean => op.startsWith(`${key}/`) && callPattern.test(op.slice(key.length + 1))

const answerDigest = (content: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 16)
