import { storeConversation } from '../../src/client/import-conversation.ts'
import type { Embedder } from '../../src/model/model.ts'
import type { OnProgress } from '../../src/stack/progress.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { embedExchanges } from '../../src/recall/embed-exchanges.ts'
import { mostMeant, searchRecall } from '../../src/recall/search-recall.ts'
import type { Stores } from '../../src/stores/stores.ts'
import type { Conversation } from './locomo.ts'
import { openMemory, type MemoryName } from './memories.ts'
import type { RankingName } from './rankings.ts'

/** One question, asked by one ranking. One line of the JSONL file. */
export interface RetrievalRow {
  readonly kind: 'locomo'
  readonly ranking: RankingName
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
  readonly conversations: number
  readonly rows: readonly RetrievalRow[]
  /** The vectors that were made before the first question; absent: none. */
  readonly embedding?: { readonly model: string; readonly exchanges: number; readonly seconds: number }
}

export const mostResults = 10

/**
 * Stores the conversations as an import does, each as one agent's, and asks each question of the search of recall memory as the tool
 * `conversation_search` asks it. Questions without evidence are left out.
 * @param options.embedder makes the vectors of exchanges and of questions; words need none
 * @param options.most how many questions of each conversation at the most
 * @throws PerdureError `server-unavailable`
 */
export async function measureRetrieval(options: {
  readonly conversations: readonly Conversation[]
  readonly memory: MemoryName
  readonly rankings: readonly RankingName[]
  readonly embedder: Embedder
  readonly most: number | undefined
  readonly onProgress: OnProgress
}): Promise<Measured> {
  const { conversations, rankings, embedder, most, onProgress } = options
  const startedAt = Date.now()
  const progress = (what: string): void => onProgress(`locomo: ${what}`, Math.round((Date.now() - startedAt) / 1_000))
  const opened = await openMemory(options.memory)
  const { stores } = opened
  try {
    const agents = conversations.map((conversation, index) => ({ ...conversation, agentId: `locomo-${index + 1}` }))
    // All of them before the first question: what is stored of one agent must not change what another one finds.
    for (const { agentId, messages } of agents) {
      progress(`storing conversation ${agentId.slice(7)} of ${agents.length}`)
      await storeConversation(stores.memory.messages, agentId, 'none', messages)
    }
    const embeddingFrom = performance.now()
    let exchanges = 0
    const byMeaning = rankings.some((ranking) => ranking !== 'words')
    if (byMeaning) {
      for (const { agentId } of agents) {
        progress(`embedding conversation ${agentId.slice(7)} of ${agents.length}`)
        exchanges += await embedAll(stores, embedder, agentId)
      }
    }
    const seconds = (performance.now() - embeddingFrom) / 1_000
    const rows: RetrievalRow[] = []
    for (const { id, agentId, messages, dialogueIds, questions } of agents) {
      progress(`asking about conversation ${agentId.slice(7)} of ${agents.length}`)
      const said = new Map(messages.map(({ text, at }, index) => [nameOf(at, text), dialogueIds[index] ?? '']))
      const askedAt = messages.at(-1)?.at ?? new Date().toISOString()
      const asked = questions.map((question, index) => ({ ...question, index })).filter(({ evidence }) => evidence.length > 0).slice(0, most)
      for (const { text, evidence, category, index } of asked) {
        for (const ranking of rankings) {
          const before = performance.now()
          const found = await find(stores, embedder, { agentId, text, ranking, askedAt })
          const milliseconds = Math.round((performance.now() - before) * 100) / 100
          rows.push({ kind: 'locomo', ranking, question: `${id}-${index}`, category, evidence, found: found.messages.map((message) => said.get(nameOf(message.at, spokenOf(message))) ?? ''), milliseconds })
        }
      }
    }
    return { memory: opened.describe, conversations: conversations.length, rows, ...(byMeaning && { embedding: { model: embedder.model, exchanges, seconds } }) }
  } finally {
    await opened.close()
  }
}

type SearchedStores = Pick<Stores, 'memory' | 'archival'>

/** All but the last exchange, as if the whole conversation had left the context. */
async function embedAll(stores: SearchedStores, embedder: Embedder, agentId: string): Promise<number> {
  const embed = (texts: readonly string[]): ReturnType<Embedder['embed']> => embedder.embed(texts, new AbortController().signal)
  return (await embedExchanges({ stores, space: embedder, embed, agentId, left: Infinity })).embedded
}

async function find(stores: SearchedStores, embedder: Embedder, { agentId, text, ranking, askedAt }: { readonly agentId: string; readonly text: string; readonly ranking: RankingName; readonly askedAt: string }) {
  const query = { text, order: 'relevance', offset: 0, limit: mostResults, conversation: true } as const
  if (ranking !== 'meaning') return searchRecall({ stores, embedder: ranking === 'words' ? undefined : embedder, agentId, query, askedAt })
  const [vector = []] = await embedder.embed([text], new AbortController().signal, 'query')
  const meant = await stores.archival.exchanges.nearest(agentId, { vector, limit: mostMeant }, embedder)
  // Without words there is nothing but meaning.
  return stores.memory.messages.search(agentId, { ...query, text: '', meant })
}

const nameOf = (at: string, text: string): string => `${at} ${text}`
const spokenOf = ({ reply, text }: StoredMessage): string => reply ?? text
