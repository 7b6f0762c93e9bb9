import type { AnswerBody } from '../protocol/waiting.ts'

/** The answers of persons and callers to calls that waited. The workflow decides which answer counts, by its id. */
export interface AnswerStore {
  /** Inserts if absent under call and id; returns the answer as stored. */
  put(body: AnswerBody): Promise<AnswerBody>
  get(agentId: string, op: string, id: string): Promise<AnswerBody | undefined>
  /** All that was said to these calls, the earliest first. */
  to(agentId: string, ops: readonly string[]): Promise<readonly AnswerBody[]>
}
