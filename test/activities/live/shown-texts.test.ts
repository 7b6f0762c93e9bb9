import { describe, expect, test } from 'vitest'
import { shownTexts, type ShownText } from '../../../src/activities/live/shown-texts.ts'
import type { ModelDelta } from '../../../src/model/model.ts'
import { deltasOf } from '../../../src/model/deltas.ts'

function shown(deltas: Iterable<ModelDelta>, isShown = () => true): readonly ShownText[] {
  const texts: ShownText[] = []
  const take = shownTexts({ mostCalls: 2, isShown, onText: (text) => texts.push(text) })
  for (const delta of deltas) take(delta)
  return texts
}
const joined = (texts: readonly ShownText[], kind: string, call?: number): string => texts.filter((text) => text.kind === kind && text.call === call).map(({ text }) => text).join('')

const reply = (...calls: readonly (readonly [string, unknown])[]) => ({
  text: 'Let me see.',
  finishReason: 'tool-calls' as const,
  toolCalls: calls.map(([name, args], index) => ({ id: `c${index}`, name, arguments: JSON.stringify(args) })),
})

describe('of what a model writes', () => {
  test('thoughts are seen wherever they stand, replies as they will be stored, other arguments not [live:text]', () => {
    const texts = shown(deltasOf(reply(['search', { inner_thoughts: 'Look it up.', query: 'secret' }], ['send_message', { inner_thoughts: 'Greet.', message: ' \n Hello, Ada. \n' }])))
    expect(joined(texts, 'thoughts')).toBe('Let me see.')
    expect(joined(texts, 'thoughts', 0)).toBe('Look it up.')
    expect(joined(texts, 'thoughts', 1)).toBe('Greet.')
    expect(joined(texts, 'text', 1)).toBe('Hello, Ada.')
    expect(texts.find(({ kind }) => kind === 'text')).toMatchObject({ call: 1, callId: 'c1' })
    expect(JSON.stringify(texts)).not.toContain('secret')
  })

  test('a reply that a person has to approve is not seen, nor calls beyond those that a step may have [live:text turn:approval]', () => {
    const say = ['send_message', { message: 'Hello.' }] as const
    expect(joined(shown(deltasOf(reply(say)), () => false), 'text', 0)).toBe('')
    expect(shown(deltasOf(reply(say, say, say))).some(({ call }) => call === 2)).toBe(false)
  })

  test('no surrogate pair is parted [live:text]', () => {
    const texts = shown([{ type: 'text', text: 'a\ud83d' }, { type: 'text', text: '\ude00b' }])
    expect(texts.map(({ text }) => text)).toEqual(['a', '😀b'])
  })
})
