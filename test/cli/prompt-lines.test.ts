import { describe, expect, test } from 'vitest'
import { noColours } from '../../src/cli/output/palette.ts'
import { promptLines } from '../../src/cli/output/prompt-lines.ts'
import type { StepPrompt } from '../../src/index.ts'

const prompt: StepPrompt = {
  turn: 3,
  step: 2,
  seq: 17,
  at: '2026-01-02T03:04:05.000Z',
  cause: 'heartbeat',
  request: {
    model: 'm',
    messages: [
      { role: 'system', content: 'You are an agent.' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'search', arguments: '{"query":"\u001b[31mboats"}' }] },
      { role: 'tool', toolCallId: 'c1', content: '{"status":"ok"}' },
    ],
    tools: [{ name: 'search', description: 'finds', parameters: {} }],
    sampling: { temperature: 0.2 },
    maxOutputTokens: 500,
  },
  digest: { kept: 'a'.repeat(64), rebuilt: 'a'.repeat(64) },
  exact: true,
  missing: [],
  madeOf: { definition: 4, blockVersions: { human: 2 }, statistics: { evicted: 0, passages: 1 }, queue: [[15, 16]] },
  tokens: { instructions: 400, tools: 300, coreMemory: 60, statistics: 20, blocks: { human: 40 }, summary: 0, queue: 220, total: 1_000 },
  usage: { promptTokens: 1_100, cachedTokens: 0, completionTokens: 9 },
  contextWindow: 4_000,
  warning: 2_800,
  flush: 3_600,
}

describe('a prompt on the command line', () => {
  test('is shown whole, with what fills the window, and nothing in it reaches the terminal as a sign of control [prompt:exact]', () => {
    const text = promptLines(prompt, noColours).join('\n')
    for (const part of ['the very prompt', 'turn 3, step 2 (heartbeat)', 'version 4 of the definition', 'temperature 0.2', 'You are an agent.', '→ search {"query":', '[result of c1]', '{"status":"ok"}']) expect(text).toContain(part)
    expect(text).toMatch(/ {2}human +\[#-+\] +40 {2}1 %/)
    expect(text).toContain('warned above 2,800, flushed above 3,600 of 4,000 tokens; the provider counted 1,100 for the prompt')
    expect(text).not.toContain('\u001b')
  })

  test('that is another one than the model had says so first, and why [prompt:exact]', () => {
    const other = { ...prompt, exact: false, digest: { kept: 'a'.repeat(64), rebuilt: 'b'.repeat(64) } }
    expect(promptLines(other, noColours).slice(0, 2)).toEqual([expect.stringMatching(/^This is not the prompt that the model had: .*aaaa….*bbbb…/), 'Something that it was made of has been altered.'])
    expect(promptLines({ ...other, missing: ['message 3'] }, noColours)[1]).toBe('Not in the stores any more: message 3.')
  })
})
