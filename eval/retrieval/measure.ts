import { storeConversation } from '../../src/client/import-conversation.ts'
import type { OnProgress } from '../../src/stack/progress.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { Conversation } from './locomo.ts'
import { openMemory, type MemoryName } from './memories.ts'

/** One question. One line of the JSONL file. */
export interface RetrievalRow {
  readonly kind: 'locomo'
  readonly ranking: 'words'
  readonly question: string
  readonly category: number
  readonly evidence: readonly string[]
  /** The first results, by the file's names of them. */
  readonly found: readonly string[]
  readonly milliseconds: number
}

export interface Measured {
  /** What was searched, for a person. */
  readonly memory: string
  readonly rows: readonly RetrievalRow[]
}

export const mostResults = 10

/**
 * Stores the conversations as an import does, each as one agent's, and asks each question of the search of recall memory as the tool
 * `conversation_search` asks it. Questions without evidence are left out.
 * @param options.most how many questions of each conversation at the most
 * @throws PerdureError `server-unavailable`
 */
export async function measureRetrieval(options: {
  readonly conversations: readonly Conversation[]
  readonly memory: MemoryName
  readonly most: number | undefined
  readonly onProgress: OnProgress
}): Promise<Measured> {
  const { conversations, most, onProgress } = options
  const startedAt = Date.now()
  const progress = (what: string): void => onProgress(`locomo: ${what}`, Math.round((Date.now() - startedAt) / 1_000))
  const opened = await openMemory(options.memory)
  const { memory } = opened
  try {
    const agents = conversations.map((conversation, index) => ({ ...conversation, agentId: `locomo-${index + 1}` }))
    // All of them before the first question: what is stored of one agent must not change what another one finds.
    for (const { agentId, messages } of agents) {
      progress(`storing conversation ${agentId.slice(7)} of ${agents.length}`)
      await storeConversation(memory.messages, agentId, 'none', messages)
    }
    const rows: RetrievalRow[] = []
    for (const { id, agentId, messages, dialogueIds, questions } of agents) {
      progress(`asking about conversation ${agentId.slice(7)} of ${agents.length}`)
      const said = new Map(messages.map(({ text, at }, index) => [nameOf(at, text), dialogueIds[index] ?? '']))
      const asked = questions.map((question, index) => ({ ...question, index })).filter(({ evidence }) => evidence.length > 0).slice(0, most)
      for (const { text, evidence, category, index } of asked) {
        const before = performance.now()
        const found = await memory.messages.search(agentId, { text, order: 'relevance', offset: 0, limit: mostResults, conversation: true })
        const milliseconds = Math.round((performance.now() - before) * 100) / 100
        rows.push({ kind: 'locomo', ranking: 'words', question: `${id}-${index}`, category, evidence, found: found.messages.map((message) => said.get(nameOf(message.at, spokenOf(message))) ?? ''), milliseconds })
      }
    }
    return { memory: opened.describe, rows }
  } finally {
    await opened.close()
  }
}

const nameOf = (at: string, text: string): string => `${at} ${text}`
const spokenOf = ({ reply, text }: StoredMessage): string => reply ?? text
