import type { Collection } from 'mongodb'
import type { AnswerBody } from '../../protocol/waiting.ts'
import type { AnswerStore } from '../answers.ts'
import { idOf, insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

/** The answer's own `id` has to stand beside the document's. */
export type AnswerDocument = AnswerBody & Identified

/** Neither an operation id nor an answer's id holds a space. */
const keyOf = (agentId: string, op: string, id: string): string => idOf(agentId, `${op} ${id}`)

export function mongoAnswers(collection: Collection<AnswerDocument>): AnswerStore {
  const find = (agentId: string, op: string, id: string): Promise<AnswerBody | null> =>
    findBody<AnswerBody, AnswerDocument>(collection, { _id: keyOf(agentId, op, id) }, withoutId)
  return {
    put: async (answer) => {
      const { agentId, op, id } = answer
      if ((await insertIfAbsent(collection, { ...answer, _id: keyOf(agentId, op, id) })) === 'inserted') return answer
      return present(await find(agentId, op, id), `answer ${id} to ${op}`)
    },
    get: async (agentId, op, id) => (await find(agentId, op, id)) ?? undefined,
    to: async (agentId, ops) => findBodies<AnswerBody, AnswerDocument>(collection, { agentId, op: { $in: [...ops] } }, { ...withoutId, sort: { at: 1 } }),
  }
}
