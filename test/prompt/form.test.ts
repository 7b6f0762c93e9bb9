import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { promptForm, renderPrompt } from '../../src/prompt/render-prompt.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'

/**
 * The rules by which texts are made of a prompt's parts. Where one is changed, prompts of before are made again by other rules than they were
 * made by: raise `promptForm`, and put the new digest beside the new number.
 */
const digests: Readonly<Record<number, string>> = { 1: 'c5ceb98c63da25b918fbe1b85c8c1cdea6610382401d148772a4f3214e7ab3d5' }

const { blocks, ...definition } = defineAgent({ id: 'ada', instructions: 'Speak like a sailor.', persona: 'I am "Sam" <&>', human: 'Name: Ada', contextWindow: 4_000 })
const at = '2026-01-02T03:04:05.000Z'
const message = (seq: number, more: Partial<StoredMessage>): StoredMessage => ({ agentId: 'ada', op: `ada/${seq}`, seq, turn: Math.ceil(seq / 10), step: 1, role: 'user', kind: 'user-message', text: `message ${seq}`, tokens: 20, at, ...more })
const given = (length: number): string => JSON.stringify({ signature: 's'.repeat(length), reasoning_content: 'r'.repeat(length) })

/** Whatever a message can be. */
const queue: readonly StoredMessage[] = [
  message(1, {}),
  message(2, { role: 'system', kind: 'memory-pressure', text: 'full' }),
  message(3, { role: 'assistant', text: 'thinking', calls: [{ id: 'a', name: 'send_message', arguments: '{"message":"hi"}', given: given(2_000) }, { id: 'b', name: 'page_out', arguments: JSON.stringify({ content: 'word '.repeat(99), title: 't' }) }], given: { origin: 'o', message: given(2_000) } }),
  message(4, { role: 'tool', callId: 'a', toolName: 'send_message', ok: true, text: 'Sent.' }),
  message(11, { text: 'long '.repeat(2_000) }),
  message(12, { role: 'assistant', text: '', calls: [{ id: 'c', name: 'search', arguments: `{"query":"${'q'.repeat(3_000)}"}` }, { id: 'd', name: 'search', arguments: 'no JSON', given: given(2_000) }], given: { origin: 'o', message: given(2_000) } }),
  message(13, { role: 'tool', callId: 'c', toolName: 'search', ok: false, text: 'failed' }),
]

test('are the ones of their number: the same parts give the same text in every version that has it [prompt:exact]', () => {
  const summary = { agentId: 'ada', op: 's', text: 'They met.', tokens: 10, byModel: true, covers: 40, at }
  const readings = blocks.map((block, index) => ({ definition: { ...block, readOnly: index === 0 }, version: 0, value: block.value }))
  const prompts = [
    renderPrompt({ definition, memoryInstructions: 'How memory works.', blocks: readings, statistics: { evicted: 12, passages: 3, documents: 2 }, summary, queue }),
    renderPrompt({ definition: { ...definition, instructions: '' }, memoryInstructions: 'How memory works.', blocks: [], statistics: { evicted: 0 }, queue: [] }),
  ]
  const digest = createHash('sha256').update(JSON.stringify(prompts.map(({ messages }) => messages))).digest('hex')
  expect(digest).toBe(digests[promptForm])
})
