import { ApplicationFailure } from '@temporalio/common'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedReply } from '../../src/activities/bounded-reply.ts'
import { boundedResult } from '../../src/activities/run-call.ts'
import { beginning } from '../../src/cli/output/text.ts'
import { notAnAnswer } from '../../src/model/classify.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { embedWithinLimits } from '../../src/model/openai/embed-within-limits.ts'
import { beginningOf, wellFormed } from '../../src/protocol/well-formed.ts'
import { query } from '../../src/tools/arguments.ts'
import { parkedBy } from '../../src/workflows/agent/park.ts'

describe('the beginning of a text', () => {
  test('is cut between characters, and all of a text that is short enough [message:parts]', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '😀', 'é', '\n') }), fc.nat(40), (text, most) => {
        const cut = beginningOf(text, most)
        expect([text.startsWith(cut), cut.length <= most, cut.length >= Math.min(text.length, most) - 1]).toEqual([true, true, true])
        expect(wellFormed(cut)).toBe(cut)
      }),
    )
  })

  const embedded = async (text: string): Promise<string> => {
    const asked: string[] = []
    const embed = ([first = '']: readonly string[]): Promise<readonly (readonly number[])[]> => {
      asked.push(first)
      return asked.length > 1 ? Promise.resolve([[1]]) : Promise.reject(new ModelError('bad-request', 'the input is too long', { status: 400 }))
    }
    await embedWithinLimits([text], { texts: 1, bytes: 501 }, embed)
    return asked.join('')
  }
  const cuts: readonly (readonly [where: string, cut: (text: string) => string | Promise<string>])[] = [
    ['that a person is shown', (text) => beginning(text, { lines: 9, characters: 601 })],
    ['of a tool\'s result', boundedResult],
    ['of what a model wrote', (text) => boundedReply({ text, toolCalls: [], finishReason: 'stop' }).text],
    ['of an endpoint\'s words', (text) => notAnAnswer(text).message],
    ['of why an agent is parked', (text) => parkedBy(ApplicationFailure.nonRetryable(text, 'broken'), { retries: 0, now: 0 }).detail],
    ['of what is searched for', (text) => query.parse(text)],
    ['that is embedded', embedded],
  ]
  test.each(cuts)('%s has no half of a character, wherever it is cut [message:parts]', async (_, cut) => {
    for (const before of ['', 'x', 'xx', 'xxx']) {
      const text = before + '😀'.repeat(60_000)
      const shown = await cut(text)
      expect(shown.length).toBeLessThan(text.length)
      expect(shown).not.toMatch(/\p{Cs}|\ufffd/u)
    }
  })
})
