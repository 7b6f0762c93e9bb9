import { describe, expect, test } from 'vitest'
import { changedArguments, pickCall } from '../../src/cli/input/pick-call.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { answerHint, waitingLines } from '../../src/cli/output/waiting-call.ts'
import type { CallToAnswer } from '../../src/client/call-to-answer.ts'

const waiting = (number: number, more: Partial<CallToAnswer> = {}): CallToAnswer => ({
  op: `ada/7/1/${number}`,
  name: `tool_${number}`,
  for: 'approval',
  arguments: { text: 'Hello' },
  thoughts: '',
  eventId: 'e',
  since: '2026-01-01T12:00:00.000Z',
  until: '2026-01-08T12:00:00.000Z',
  ...more,
})

describe('of the calls that wait', () => {
  const calls = [waiting(0, { for: 'client' }), waiting(1), waiting(2)]

  test.each([
    [undefined, 'ada/7/1/1'],
    ['2', 'ada/7/1/1'],
    ['3', 'ada/7/1/2'],
    ['ada/7/1/2', 'ada/7/1/2'],
    ['7/1/2', 'ada/7/1/2'],
  ])('%j means %s [turn:approval]', (word, op) => {
    expect(pickCall(calls, word).op).toBe(op)
  })

  test.each([['1'], ['9'], ['rubbish']])('%j means none, and the error names those that do wait [turn:approval]', (word) => {
    expect(() => pickCall(calls, word)).toThrow(/tool_1 \(ada\/7\/1\/1\), tool_2/)
    expect(() => pickCall([], word)).toThrow('no call waits for approval')
  })

  test('each is shown with every argument, lines of a long one below each other, and nothing that a terminal would obey [turn:approval cli:chat]', () => {
    const call = waiting(1, { arguments: { label: 'human', content: 'One\nTwo\u001b[2J', count: 3, tags: ['a'] } })
    expect(waitingLines([call], noColours).slice(1)).toEqual(['    label    human', '    content  One\n             Two␛[2J', '    count    3', '    tags     ["a"]'])
    expect(answerHint([call], noColours)).toContain('/approve {"content": …} changes it first')
    expect(waitingLines(calls, noColours)[0]).toBe(`? 1. tool_0 waits for the program that runs it, until ${waitingLines(calls, noColours)[0]?.split('until ')[1] ?? ''}`)
    expect(answerHint([waiting(0, { for: 'client' })], noColours)).toBeUndefined()
  })
})

describe('changed arguments', () => {
  test('replace those that they name, and keep the others [turn:approval]', () => {
    expect(changedArguments(waiting(1, { arguments: { label: 'human', content: 'a' } }), '{"content":"b"}')).toEqual({ label: 'human', content: 'b' })
  })

  test.each([['b'], ['["b"]'], ['{'], ['null']])('%s is refused with what would be right [turn:approval]', (json) => {
    expect(() => changedArguments(waiting(1), json)).toThrow('write one with what is to change, like {"text": "…"}')
  })
})
