import { PerdureError } from '../../../src/protocol/errors.ts'
import type { Arena } from '../../harness/arena.ts'
import type { EvalKind, System } from '../../harness/kind.ts'
import type { Question } from '../../harness/question.ts'
import { seedOf } from '../../harness/random.ts'
import { readLocomo, type Conversation } from './data.ts'

interface Scene {
  readonly conversation: Conversation
  readonly evidence: readonly string[]
}

export const locomo: EvalKind = {
  name: 'locomo',
  title: 'Evidence recall on LoCoMo',
  about:
    'Conversations of months, imported with their times. Of the messages that a question names as its evidence: how many are among the first k that ' +
    'conversation search finds with the question as its words. No language model is asked. Categories are those of the file, by number.',
  groupTitle: 'category',
  scores: ['recallAtK'],
  needsData: true,
  questions: async ({ data, most }) => {
    if (data === undefined) throw new PerdureError('invalid-argument', 'locomo needs --data FILE: the path of locomo10.json, which its authors publish')
    const conversations = await readLocomo(data)
    return conversations
      .flatMap((conversation) =>
        conversation.questions
          .map((question, index) => ({ ...question, index }))
          .filter(({ evidence }) => evidence.length > 0)
          .slice(0, most)
          .map(({ text, evidence, category, index }): Question => ({
            id: `${conversation.id}-${index}`,
            group: String(category),
            text,
            expected: evidence,
            scene: { conversation, evidence } satisfies Scene,
          })),
      )
      .toSorted((a, b) => Number(a.group) - Number(b.group))
  },
  systems: () => [searchOf(5), searchOf(10), searchOf(20)],
}

function searchOf(k: number): System {
  return {
    name: `rules: conversation search, k = ${k}`,
    about: `the first ${k} messages that the search finds`,
    ask: async (question, arena) => {
      const { conversation, evidence } = question.scene as Scene
      const agentId = await imported(conversation, arena)
      const startedAt = Date.now()
      const { messages } = await arena.client.searchRecall(agentId, { text: question.text, order: 'relevance', limit: k, conversation: true })
      const said = new Map(conversation.messages.map(({ text, at }, index) => [`${at} ${text}`, conversation.dialogueIds[index]]))
      const found = new Set(messages.map(({ at, text, reply }) => said.get(`${at} ${reply ?? text}`)))
      const recalled = evidence.filter((id) => found.has(id)).length / evidence.length
      return {
        text: [...found].join(' '),
        scores: { recallAtK: recalled },
        figures: { steps: 0, promptTokens: 0, completionTokens: 0, latencyMs: Date.now() - startedAt },
      }
    },
  }
}

const imports = new WeakMap<Arena, Map<string, Promise<string>>>()

/** Each conversation becomes one agent, whose memory all its questions search. */
function imported(conversation: Conversation, arena: Arena): Promise<string> {
  const known = imports.get(arena) ?? new Map<string, Promise<string>>()
  imports.set(arena, known)
  const under = known.get(conversation.id)
  if (under) return under
  const id = `locomo-${seedOf(conversation.id)}`
  const importing = arena.client.importConversation({ id, model: arena.modelName, contextWindow: arena.contextWindow }, conversation.messages).then(() => id)
  known.set(conversation.id, importing)
  return importing
}
