import { describe, expect, test } from 'vitest'
import type { AnswerBody } from '../../../src/protocol/waiting.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment } from './samples.ts'

const sampleAnswer = (agentId: string, more: Partial<AnswerBody> = {}): AnswerBody => ({
  agentId,
  op: `${agentId}/1/1/0`,
  id: 'one',
  answer: 'refuse',
  text: 'not today',
  by: 'Ada',
  at: moment(1),
  ...more,
})

export function answerPromises(under: () => MemoryUnderTest): void {
  describe('answers to calls that wait', () => {
    test('an answer deposited again is the first one, also with another text [turn:approval]', async () => {
      const { answers } = under().store
      const first = sampleAnswer(freshAgentId())
      expect(await answers.get(first.agentId, first.op, first.id)).toBeUndefined()
      expect(await answers.put(first)).toEqual(first)
      expect(await answers.put({ ...first, text: 'never', at: moment(2) })).toEqual(first)
      expect(await under().another.answers.get(first.agentId, first.op, first.id)).toEqual(first)
    })

    test('answers of other ids, calls and agents stand beside it [turn:approval tools:client-side]', async () => {
      const { answers } = under().store
      const first = sampleAnswer(freshAgentId())
      const others = [{ ...first, id: 'two' }, { ...first, op: `${first.op}1` }, sampleAnswer(freshAgentId(), { op: first.op })]
      await answers.put(first)
      for (const other of others) expect(await answers.put(other)).toEqual(other)
      expect(await answers.get(first.agentId, first.op, first.id)).toEqual(first)
    })

    test('all that was said to some calls comes back together, the earliest first [turn:approval, recover:from-stores]', async () => {
      const { answers } = under().store
      const [one, two] = [sampleAnswer(freshAgentId()), sampleAnswer(freshAgentId())]
      const second = { ...one, id: 'second', answer: 'refuse', at: moment(2) } as const
      const ofAnother = { ...one, op: `${one.op}1`, at: moment(3) }
      for (const answer of [one, second, ofAnother, two]) await answers.put(answer)
      expect(await answers.to(one.agentId, [one.op])).toEqual([one, second])
      expect(await answers.to(one.agentId, [ofAnother.op, one.op])).toHaveLength(3)
      expect(await answers.to(one.agentId, [])).toEqual([])
    })

    test('keeps any text, and arguments to the letter [tools:client-side]', async () => {
      const { answers } = under().store
      const agentId = freshAgentId()
      for (const [index, text] of awkwardTexts.entries()) {
        const answer = sampleAnswer(agentId, { id: `${index}`, answer: 'result', ok: false, text, arguments: JSON.stringify({ text }) })
        await answers.put(answer)
        expect(await answers.get(agentId, answer.op, answer.id)).toEqual(answer)
      }
    })
  })
}
