import { seedOf } from '../../harness/random.ts'
import { askWithoutMemory } from '../../harness/ask-without-memory.ts'
import { storePassages } from '../../harness/store-passages.ts'
import type { EvalKind, System } from '../../harness/kind.ts'
import type { Question } from '../../harness/question.ts'
import { deepestLevel, nestedPairs, orderings, pairCount, pairText, type NestedPairs } from './data.ts'
import { onePass, policies } from './policies.ts'

const task = 'A value may itself be a key; then look that key up too, and so on, until you come to a value that is no key. Answer with that last value alone.'

export const nestedKv: EvalKind = {
  name: 'nested-kv',
  title: 'Nested key-value retrieval',
  about: `${pairCount} pairs of UUIDs; a value may be a key again. Asked is the end of the chain. MemGPT paper, section 3.2.2 and figure 7.`,
  groupTitle: 'nesting level',
  scores: ['exact'],
  questions: async ({ seed, most = orderings }) =>
    Array.from({ length: deepestLevel + 1 }, (_, level) => level).flatMap((level) =>
      Array.from({ length: Math.min(most, orderings) }, (_, ordering) => questionOf(nestedPairs({ seed, level, ordering }), level, ordering)),
    ),
  systems: ({ model }) => (model === 'rules' ? [...Object.keys(policies).map(agentWith), windowWith(onePassName)] : [agentWith(undefined), windowWith(undefined)]),
}

export const onePassName = 'rules: one pass through the window'
export const nestedKvModels = { ...policies, [onePassName]: onePass }

function questionOf(scene: NestedPairs, level: number, ordering: number): Question {
  return { id: `${level}-${ordering}`, group: String(level), text: `What is the value of the key ${scene.key}? ${task}`, expected: [scene.answer], scene }
}

const pairsOf = (question: Question): NestedPairs['pairs'] => (question.scene as NestedPairs).pairs

/** @param policy undefined: the language model itself */
function agentWith(policy: string | undefined): System {
  return {
    name: policy ?? 'agent',
    about: 'the pairs are passages of archival memory; the agent searches as often as it likes',
    ask: (question, arena, run) =>
      arena.askAgent({
        question,
        agent: {
          id: `kv-${seedOf(policy ?? '', run)}-${question.id}`,
          model: policy ?? arena.modelName,
          contextWindow: arena.contextWindow,
          instructions: 'Your archival memory holds pairs of a key and a value. Search it for the exact key, and answer by send_message.',
        },
        prepare: (agentId) => storePassages(arena, agentId, pairsOf(question).map(pairText)),
      }),
  }
}

function windowWith(rules: string | undefined): System {
  return {
    name: rules ?? 'window only',
    about: 'all pairs stand in one prompt, answered by one inference without tools',
    ask: (question, arena) =>
      askWithoutMemory(arena, {
        model: rules ?? arena.modelName,
        system: 'Here are pairs of a key and a value. Answer with the value alone.',
        user: [...pairsOf(question).map(pairText), question.text].join('\n'),
      }),
  }
}
