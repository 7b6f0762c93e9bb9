import type { Arena } from '../../harness/arena.ts'
import { askWithoutMemory } from '../../harness/ask-without-memory.ts'
import type { EvalKind, System } from '../../harness/kind.ts'
import type { Question } from '../../harness/question.ts'
import { seedOf } from '../../harness/random.ts'
import { storePassages } from '../../harness/store-passages.ts'
import { libraryOf, ranks, type Library } from './data.ts'
import { policies, readsWindow } from './policies.ts'

const eachRank = 10
/** Documents that a fixed window is given: the best that the search finds. */
const retrieved = [5, 10, 20] as const

export const docQa: EvalKind = {
  name: 'doc-qa',
  title: 'Document question answering',
  about:
    'One document of many answers the question, and a search finds others before it. A fixed window sees the first k documents and no more; an agent pages on. ' +
    'After the MemGPT paper, section 3.2.1 (its documents are Wikipedia; these are generated, so that the rank of the answer is known).',
  groupTitle: 'rank of the document with the answer',
  scores: ['contained'],
  questions: async ({ seed, most = eachRank }) =>
    ranks.flatMap((rank) =>
      Array.from({ length: Math.min(most, eachRank) }, (_, number): Question => {
        const scene = libraryOf({ seed, rank, number })
        return { id: `${rank}-${number}`, group: String(rank), text: scene.question, expected: [scene.answer], scene }
      }),
    ),
  systems: ({ model }) =>
    model === 'rules' ? [...Object.keys(policies).map(agentWith), ...retrieved.map((k) => windowOf(k, windowName))] : [agentWith(undefined), ...retrieved.map((k) => windowOf(k, undefined))],
}

const windowName = 'rules: fixed window'
export const docQaModels = { ...policies, [windowName]: readsWindow }

function agentWith(policy: string | undefined): System {
  return {
    name: policy ?? 'agent',
    about: 'the documents are passages of archival memory; the agent searches and pages as it likes',
    ask: (question, arena, run) =>
      arena.askAgent({
        question,
        agent: {
          id: `doc-${seedOf(policy ?? '', run)}-${question.id}`,
          model: policy ?? arena.modelName,
          contextWindow: Math.min(arena.contextWindow, 16_000),
          instructions: 'Your archival memory holds documents. Search it, and page through the results until you have the answer. Answer with the mark alone.',
        },
        prepare: (agentId) => storePassages(arena, agentId, documentsOf(question)),
      }),
  }
}

function windowOf(k: number, rules: string | undefined): System {
  return {
    name: `${rules ?? 'window only'}, k = ${k}`,
    about: `the first ${k} documents of the same search stand in one prompt, answered by one inference`,
    ask: async (question, arena, run) => {
      const found = await firstDocuments(question, arena, { k, scope: `doc-window-${seedOf(rules ?? '', run, k)}-${question.id}` })
      return askWithoutMemory(arena, {
        model: rules ?? arena.modelName,
        system: 'Answer from these documents, with the mark alone.',
        user: [...found, question.text].join('\n\n'),
      })
    },
  }
}

const documentsOf = (question: Question): readonly string[] => (question.scene as Library).documents

/** By the search that the agents have, best first. @param scope under which the documents are stored meanwhile */
export async function firstDocuments(
  question: Question,
  arena: Pick<Arena, 'stores' | 'embedder'>,
  { k, scope }: { readonly k: number; readonly scope: string },
): Promise<readonly string[]> {
  const { embedder, stores } = arena
  const { query } = question.scene as Library
  await storePassages(arena, scope, documentsOf(question))
  try {
    const [vector = []] = await embedder.embed([query], new AbortController().signal)
    const { hits } = await stores.archival.search(scope, { words: query, vector, offset: 0, limit: k }, embedder)
    return hits.map(({ passage }) => passage.text)
  } finally {
    await stores.archival.eraseAgent(scope)
  }
}
