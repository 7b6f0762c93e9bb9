import { describe, expect, test } from 'vitest'
import { buildPrompt, type PromptParts } from '../../src/prompt/build-prompt.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { toolRegistry } from '../../src/tools/registry.ts'

const definition = defineAgent({ id: 'ada', instructions: 'Speak like a sailor.', persona: 'I am Sam.', human: 'Name: Ada' })
const tools = toolRegistry(builtinTools).modelTools(['send_message'])

const message = (seq: number, changes: Partial<StoredMessage> = {}): StoredMessage => ({
  agentId: 'ada',
  op: `ada/${seq}`,
  seq,
  turn: seq,
  step: 1,
  role: 'user',
  kind: 'user-message',
  text: `message ${seq}`,
  tokens: 20,
  at: '2026-01-02T03:04:05.000Z',
  ...changes,
})

const asked = message(2, { role: 'assistant', text: 'thinking', calls: [{ id: 'c1', name: 'send_message', arguments: '{"message":"hi"}' }] })
const answered = message(3, { role: 'tool', callId: 'c1', toolName: 'send_message', ok: true, text: 'Sent.' })

function parts(changes: Partial<PromptParts> = {}): PromptParts {
  const blocks = definition.blocks.map((block) => ({ definition: block, version: 0, value: block.value }))
  return { definition, blocks, statistics: { evicted: 12, passages: 3 }, queue: [message(1), asked, answered], tools, ...changes }
}

const contents = (prompt: ReturnType<typeof buildPrompt>): string[] => prompt.messages.map(({ content }) => content)

describe('main context', () => {
  test('is instructions, core memory with limits and use, statistics, then the queue [context:layout external:statistics]', () => {
    const [system = '', ...queue] = contents(buildPrompt(parts()))
    const places = ['You are an agent', 'Speak like a sailor.', '<block label="persona"', '<block label="human"', '12 earlier messages', '3 passages'].map((text) => system.indexOf(text))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect(system).toContain('used="9" limit="2000"')
    expect(queue).toHaveLength(3)
  })

  test('has the recursive summary at the head of the queue [context:layout]', () => {
    const summary = { agentId: 'ada', op: 's', text: 'They met at sea.', tokens: 10, byModel: true, covers: 40, at: '2026-01-01T00:00:00.000Z' }
    const [, head] = contents(buildPrompt(parts({ summary })))
    expect(head).toMatch(/<summary>[^]*40 earlier messages[^]*They met at sea\./)
  })

  test('counts each of its sections, and all of them together [context:layout context:budget]', () => {
    const { sections, tokens } = buildPrompt(parts())
    const { instructions, tools: declared, coreMemory, statistics } = sections
    expect(Math.min(instructions, declared, coreMemory, statistics)).toBeGreaterThan(0)
    expect(tokens).toBe(instructions + declared + coreMemory + statistics + 60)
  })

  test('marks a block that the agent can not write [core:blocks]', () => {
    const [block] = definition.blocks
    if (!block) throw new Error('an agent has a block')
    const [system] = contents(buildPrompt(parts({ blocks: [{ definition: { ...block, readOnly: true }, version: 1, value: 'fixed' }] })))
    expect(system).toContain('read_only="true"')
  })
})

describe('between two inferences', () => {
  test('all that was there stays as it was, and the new stands after it [context:prefix-stable]', () => {
    const before = contents(buildPrompt(parts()))
    const after = contents(buildPrompt(parts({ queue: [message(1), asked, answered, message(4)] })))
    expect(after.slice(0, before.length)).toEqual(before)
  })

  test('an edit of core memory leaves the instructions in the common prefix [context:prefix-stable]', () => {
    const [before = ''] = contents(buildPrompt(parts()))
    const blocks = definition.blocks.map((block) => ({ definition: block, version: 1, value: 'another value' }))
    const [after = ''] = contents(buildPrompt(parts({ blocks })))
    expect(after.slice(0, before.indexOf('<core_memory>'))).toBe(before.slice(0, before.indexOf('<core_memory>')))
  })
})

describe('damage from elsewhere', () => {
  test('does not part a call from its result: a missing one is made up and says so, a stray one is left out [step:pairing]', () => {
    const stray = message(9, { role: 'tool', callId: 'nobody', text: 'stray' })
    const { messages } = buildPrompt(parts({ queue: [stray, message(1), asked, message(4)] }))
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user'])
    expect(messages[3]?.content).toContain('outcome unknown')
  })
})

describe('a message in the prompt', () => {
  test('says what kind of event it is, and when it came [event:kinds]', () => {
    const [, event = ''] = contents(buildPrompt(parts({ queue: [message(1)] })))
    expect(JSON.parse(event)).toEqual({ type: 'user_message', time: '2026-01-02 03:04', message: 'message 1' })
  })

  test('loses what page_out has put outside, and keeps the page number [paging:page-out]', () => {
    const call = { id: 'c1', name: 'page_out', arguments: JSON.stringify({ content: 'x'.repeat(5_000), page_number: 7 }) }
    const paged = message(2, { role: 'assistant', text: '', calls: [call] })
    const { messages } = buildPrompt(parts({ queue: [message(1), paged, answered] }))
    const shown = messages.find(({ role }) => role === 'assistant')
    expect(JSON.stringify(shown)).toMatch(/paged out: 5000 characters/)
    expect(JSON.stringify(shown)).toMatch(/page_number\\*":7/)
    expect(JSON.stringify(shown).length).toBeLessThan(500)
  })
})
