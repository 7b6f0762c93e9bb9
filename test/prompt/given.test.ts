import { describe, expect, test } from 'vitest'
import { tokensOfMessage } from '../../src/prompt/message-tokens.ts'
import { renderMessage } from '../../src/prompt/render-message.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'

const signature = (characters: number): string => JSON.stringify({ extra_content: { signature: 's'.repeat(characters) } })
const withGiven = (message: string, call: string): StoredMessage => ({
  agentId: 'a', op: 'o', seq: 1, turn: 1, step: 1, role: 'assistant', text: '', tokens: 0, at: '2026-01-01T00:00:00.000Z',
  calls: [{ id: 'c', name: 'search', arguments: '{}', given: call }],
  given: { origin: 'here', message },
})

const blocks = (characters: number): unknown[] => [{ type: 'thinking', thinking: 'hm', signature: 'b'.repeat(characters) }]
const givenBack = (message: string, turn: 'running' | 'earlier'): unknown => {
  const rendered = renderMessage(withGiven(message, '{}'), 4_000, turn)
  return rendered.role === 'assistant' && rendered.given?.message !== undefined ? JSON.parse(rendered.given.message) : undefined
}

describe('what an endpoint gave beside a message', () => {
  test('is counted in the prompt [model:returned context:budget]', () => {
    const bare = tokensOfMessage(withGiven('{}', '{}'), 32_000)
    expect(tokensOfMessage(withGiven(signature(400), signature(400)), 32_000)).toBeGreaterThan(bare + 200)
    expect(tokensOfMessage(withGiven(signature(5_000), signature(5_000)), 4_000)).toBeGreaterThan(bare + 2_500)
  })

  test('goes back whole while its turn runs, and of an earlier turn only where it fits its share of the window [model:returned context:budget]', () => {
    const long = withGiven(signature(5_000), signature(5_000))
    expect(renderMessage(long, 4_000, 'running')).toMatchObject({ given: long.given, toolCalls: long.calls })
    expect(JSON.stringify(renderMessage(long, 4_000, 'earlier'))).not.toContain('signature')
    expect(JSON.stringify(renderMessage(long, 32_000, 'earlier'))).toContain('signature')
  })

  test('twice goes back once where it is too long, also while its turn runs (LiteLLM) [model:returned]', () => {
    const given = JSON.stringify({ thinking_blocks: blocks(2_000), provider_specific_fields: { thinking_blocks: blocks(2_000), citations: ['c'] } })
    const once = { thinking_blocks: blocks(2_000), provider_specific_fields: { citations: ['c'] } }
    expect([givenBack(given, 'running'), givenBack(given, 'earlier')]).toEqual([once, once])
  })

  test('is left out field by field, the longest first; reasoning that goes back only on request takes no room of the rest [model:returned]', () => {
    const fits = { reasoning_content: 'r'.repeat(2_300), thinking_blocks: blocks(2_000) }
    expect(givenBack(JSON.stringify(fits), 'earlier')).toEqual(fits)
    expect(givenBack(JSON.stringify({ ...fits, reasoning_details: blocks(3_000) }), 'earlier')).toEqual(fits)
  })
})
