import type { StoredMessage } from '../../../src/index.ts'
import type { MethodsOf } from './methods-of.ts'
import { newId } from './new-id.ts'
import { agent, path, type Part } from './path.ts'
import { assertTexts, pageSize, type Requests } from './requests.ts'

type MemoryMethods = MethodsOf<
  | 'blocks' | 'blocksAsSeen' | 'blockHistory' | 'editBlock' | 'undoBlock' | 'messages' | 'searchRecall' | 'counts' | 'prompt'
  | 'searchArchival' | 'passages' | 'passage' | 'insertPassage' | 'editPassage' | 'supersedePassage' | 'deletePassage'
>

const block = (label: string): Part => ({ name: label, unknown: 'block-unknown' })
/** One that is no number is refused by the server, under the name that it has there. */
const number = (value: number): Part => ({ name: String(value), unknown: 'invalid-argument' })
const passage = (op: string): Part => ({ name: op, unknown: 'passage-unknown' })

interface MessagePage {
  readonly messages: readonly StoredMessage[]
  readonly next?: number
}

export function memoryMethods({ ask, askIn }: Requests): MemoryMethods {
  return {
    blocks: async (agentId) => askIn('blocks', { method: 'GET', path: path`/agents/${agent(agentId)}/blocks` }),
    blocksAsSeen: async (agentId) => askIn('blocks', { method: 'GET', path: path`/agents/${agent(agentId)}/blocks`, query: { asSeen: true } }),
    blockHistory: async (agentId, label, limit) =>
      askIn('versions', { method: 'GET', path: path`/agents/${agent(agentId)}/blocks/${block(label)}/history`, query: { limit } }),
    editBlock: async (agentId, label, value, { author, ifVersion, commandId = newId() } = {}) =>
      ask({ method: 'PUT', path: path`/agents/${agent(agentId)}/blocks/${block(label)}`, body: { value, author, ifVersion }, idempotencyKey: commandId }),
    undoBlock: async (agentId, label, { author, to, ifVersion, commandId = newId() } = {}) =>
      ask({ method: 'POST', path: path`/agents/${agent(agentId)}/blocks/${block(label)}/undo`, body: { to, author, ifVersion }, idempotencyKey: commandId }),
    messages: async (agentId, { after, limit } = {}) => {
      const messages: StoredMessage[] = []
      // A page ends before its last message where they are large.
      for (let next = after; ; ) {
        const query = { after: next, limit: limit === undefined ? undefined : limit - messages.length }
        const page = await ask<MessagePage>({ method: 'GET', path: path`/agents/${agent(agentId)}/messages`, query })
        messages.push(...page.messages)
        if (page.next === undefined || messages.length >= (limit ?? pageSize)) return messages
        next = page.next
      }
    },
    searchRecall: async (agentId, query) => {
      assertTexts({ ...query }, 'text', 'from', 'to', 'order')
      return ask({ method: 'GET', path: path`/agents/${agent(agentId)}/messages/search`, query: { ...query } })
    },
    counts: async (agentId) => ask({ method: 'GET', path: path`/agents/${agent(agentId)}/counts` }),
    prompt: async (agentId, { turn, step }) => ask({ method: 'GET', path: path`/agents/${agent(agentId)}/prompts/${number(turn)}/${number(step)}` }),
    searchArchival: async (agentId, query) => {
      assertTexts({ ...query }, 'text', 'source', 'from', 'to')
      return ask({ method: 'GET', path: path`/agents/${agent(agentId)}/passages/search`, query: { ...query } })
    },
    passages: async (agentId, { source, offset, limit, superseded } = {}) =>
      askIn('passages', { method: 'GET', path: path`/agents/${agent(agentId)}/passages`, query: { source, offset, limit, superseded } }),
    passage: async (agentId, op) => ask({ method: 'GET', path: path`/agents/${agent(agentId)}/passages/${passage(op)}` }),
    insertPassage: async (agentId, text, { commandId = newId(), tags, by } = {}) =>
      ask({ method: 'POST', path: path`/agents/${agent(agentId)}/passages`, body: { text, tags, by }, idempotencyKey: commandId }),
    editPassage: async (agentId, op, text, { commandId = newId(), tags, by, ifEdits } = {}) =>
      ask({ method: 'PATCH', path: path`/agents/${agent(agentId)}/passages/${passage(op)}`, body: { text, tags, by, ifEdits }, idempotencyKey: commandId }),
    supersedePassage: async (agentId, op, text, { commandId = newId(), tags, by } = {}) =>
      ask({ method: 'POST', path: path`/agents/${agent(agentId)}/passages/${passage(op)}/supersede`, body: { text, tags, by }, idempotencyKey: commandId }),
    deletePassage: async (agentId, op, { commandId = newId(), by } = {}) =>
      ask({ method: 'DELETE', path: path`/agents/${agent(agentId)}/passages/${passage(op)}`, query: { by }, idempotencyKey: commandId }),
  }
}
