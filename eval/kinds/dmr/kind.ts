import { seedOf } from '../../harness/random.ts'
import type { EvalKind, System } from '../../harness/kind.ts'
import type { Question } from '../../harness/question.ts'
import { sessionCount, sessionsOf, type Sessions } from './data.ts'

const conversations = 10
/** Narrow enough that the sessions with the facts have left it, wide enough to answer in. */
const narrowWindow = 4_000
const wideWindow = 100_000

export const dmr: EvalKind = {
  name: 'dmr',
  title: 'Deep memory retrieval',
  about:
    `${sessionCount} sessions days apart, imported with their times; facts said in one of them are asked for in the next. After the MemGPT paper, section 3.1.1 ` +
    '(its data, multi-session chat, is not ours to ship: these sessions are generated).',
  groupTitle: 'session in which the fact was said',
  scores: ['contained', 'rougeL'],
  questions: async ({ seed, most = conversations }) =>
    Array.from({ length: Math.min(most, conversations) }, (_, conversation) => {
      const scene = sessionsOf(seed, conversation)
      return scene.asked.map(({ fact, session }, index): Question => ({
        id: `${conversation}-${index}`,
        group: `session ${session + 1}`,
        text: fact.question,
        expected: [fact.value],
        scene,
      }))
    })
      .flat()
      .toSorted((a, b) => a.group.localeCompare(b.group)),
  systems: ({ model }) => {
    const who = model === 'rules' ? 'rules' : 'agent'
    return [
      system(`${who}: window only`, `a window of ${narrowWindow} tokens, no tool but send_message`, narrowWindow, ['send_message']),
      system(`${who}: recall search`, `the same window, and conversation_search`, narrowWindow, ['send_message', 'conversation_search', 'conversation_search_date']),
      system(`${who}: full context`, `a window of ${wideWindow} tokens that holds everything, no tool but send_message`, wideWindow, ['send_message']),
    ]
  },
}

function system(name: string, about: string, contextWindow: number, tools: readonly string[]): System {
  return {
    name,
    about,
    ask: (question, arena, run) => {
      const agent = { id: `dmr-${seedOf(name, run)}-${question.id}`, model: arena.modelName, contextWindow, tools: [...tools] }
      const { messages } = question.scene as Sessions
      return arena.askAgent({ question, agent, create: () => arena.client.importConversation(agent, messages) })
    },
  }
}
