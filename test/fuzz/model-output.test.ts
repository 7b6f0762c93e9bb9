import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boundedReply } from '../../src/activities/bounded-reply.ts'
import { boundedResult, failed } from '../../src/activities/run-call.ts'
import { buildPrompt } from '../../src/prompt/build-prompt.ts'
import { renderMessage } from '../../src/prompt/render-message.ts'
import { repairPairs } from '../../src/prompt/repair-pairs.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatMessage, ModelReply } from '../../src/model/model.ts'
import { readChatAnswer } from '../../src/model/openai/chat-answer.ts'
import { eventKinds } from '../../src/protocol/events.ts'
import { limits } from '../../src/protocol/limits.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { agentTools } from '../../src/tools/agent-tools.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { parseCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import { almost, hostileJson, hostileText, isPolluted, nested } from './hostile.ts'

const recursive = { type: 'object', properties: { a: { type: 'array', items: { $ref: '#' } } } }
const definition = defineAgent({ id: 'ada', clientTools: [{ name: 'tree', description: 'Any tree.', parameters: recursive }] })
const tools = agentTools(toolRegistry(builtinTools), definition)
const call = fc.record({
  id: hostileText,
  name: fc.oneof(fc.constantFrom(...tools.names), hostileText),
  arguments: fc.oneof(hostileText, hostileJson.map((value) => JSON.stringify(value)), fc.integer({ min: 1, max: 40_000 }).map((depth) => '{"a":['.repeat(depth) + ']}'.repeat(depth))),
})

/** No half of a pair anywhere: what UTF-8 can hold. */
const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text)

describe('a tool call', () => {
  test('of any name and arguments is read, or refused in words that fit a result [step:malformed-call]', () => {
    fc.assert(
      fc.property(call, (written) => {
        const parsed = parseCall(written, tools, tools.names)
        expect(isPolluted()).toBe(false)
        if (parsed.ok) expect(isWellFormed(JSON.stringify(parsed.args))).toBe(true)
        else expect(parsed.error.length).toBeGreaterThan(10)
      }),
      { numRuns: 600 },
    )
  })

  test('that is nested more deeply than can be checked is refused in words [step:malformed-call]', () => {
    const parsed = parseCall({ id: 'c', name: 'tree', arguments: `${'{"a":['.repeat(200)}${']}'.repeat(200)}` }, tools, tools.names)
    expect(parsed.ok).toBe(true)
    const deep = parseCall({ id: 'c', name: 'tree', arguments: `${'{"a":['.repeat(30_000)}${']}'.repeat(30_000)}` }, tools, tools.names)
    expect(deep).toMatchObject({ ok: false, error: expect.stringMatching(/nested too deeply|not JSON/) as string })
  })

  test('may carry the largest arguments, and one more byte is refused by the limit [step:malformed-call]', () => {
    const around = (length: number): string => JSON.stringify({ message: 'x'.repeat(length - JSON.stringify({ message: '' }).length) })
    const read = (length: number) => parseCall({ id: 'c', name: 'send_message', arguments: around(length) }, tools, tools.names)
    expect(read(limits.toolArgumentsBytes).ok).toBe(true)
    expect(read(limits.toolArgumentsBytes + 1)).toMatchObject({ ok: false, error: expect.stringContaining(String(limits.toolArgumentsBytes)) as string })
  })
})

describe("a model's answer", () => {
  const answer = almost({
    choices: fc.array(almost({ finish_reason: hostileText, message: almost({ content: fc.oneof(hostileText, hostileJson), tool_calls: fc.array(almost({ id: hostileText, function: almost({ name: hostileText, arguments: fc.oneof(hostileText, hostileJson) }) }), { maxLength: 5 }), reasoning: hostileText }) }), { maxLength: 3 }),
    usage: almost({ prompt_tokens: fc.double(), completion_tokens: fc.double() }),
  })

  test('of any shape is read, or is a named failure of the endpoint [model:any]', () => {
    fc.assert(
      fc.property(fc.oneof(answer, hostileJson), (body) => {
        try {
          const reply = readChatAnswer(body, 1)
          expect(new Set(reply.toolCalls.map(({ id }) => id)).size).toBe(reply.toolCalls.length)
        } catch (error) {
          if (!ModelError.isInstance(error)) throw error
          expect(error.message.length).toBeLessThan(2_000)
        }
        expect(isPolluted()).toBe(false)
      }),
      { numRuns: 600 },
    )
  })

  test('with arguments as an object nested 100,000 deep has a malformed call, no failure [model:any, step:malformed-call]', () => {
    const body = { choices: [{ message: { content: '', tool_calls: [{ id: 'c', function: { name: 'tree', arguments: nested(50_000) } }] } }] }
    const [written] = readChatAnswer(body, 1).toolCalls
    expect(written && parseCall(written, tools, tools.names)).toMatchObject({ ok: false })
  })

  test('is kept within bounds, however many calls, whatever ids and texts: what is left out is said [step:malformed-call]', () => {
    const reply: fc.Arbitrary<ModelReply> = fc.record({ text: hostileText, toolCalls: fc.array(call, { maxLength: 80 }), finishReason: fc.constant('stop' as const) })
    fc.assert(
      fc.property(reply, (given) => {
        const { text, toolCalls } = boundedReply(given)
        expect(toolCalls.length).toBe(Math.min(given.toolCalls.length, limits.callsPerStep))
        expect(text.includes('calls were left out')).toBe(given.toolCalls.length > limits.callsPerStep)
        expect(text.length).toBeLessThan(limits.modelTextCharacters + 200)
        expect(isWellFormed(text + toolCalls.map((each) => each.id + each.name + each.arguments).join(' '))).toBe(true)
        expect(toolCalls.every((each) => each.arguments.length <= limits.toolArgumentsBytes + 1)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

test('a result or an error of any length is told whole, or cut and says so [step:failed-tool-continues]', () => {
  fc.assert(
    fc.property(hostileText, fc.nat({ max: 3 }), (text, times) => {
      const long = text.repeat(1 + times)
      for (const told of [boundedResult(long), failed(new Error(long)).text]) {
        expect(told.length).toBeLessThan(limits.toolResultCharacters + 100)
        expect(isWellFormed(told)).toBe(true)
        expect(told.includes(`the result had ${long.length} characters`)).toBe(long.length > limits.toolResultCharacters)
      }
    }),
  )
})

describe('a prompt', () => {
  const message: fc.Arbitrary<StoredMessage> = fc
    .record({
      role: fc.constantFrom('user', 'system', 'assistant', 'tool' as const),
      kind: fc.constantFrom(...eventKinds),
      text: hostileText,
      calls: fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', ''), name: fc.constantFrom('page_out', 'send_message', '\0'), arguments: hostileText }), { maxLength: 4 }),
      callId: fc.constantFrom('a', 'b', 'c', 'd', '', 'e'),
      ok: fc.boolean(),
      at: fc.constantFrom('2026-01-01T00:00:00.000Z', '', 'nonsense'),
    })
    .map((fields) => ({ agentId: 'ada', op: 'ada/1/1', seq: 1, turn: 1, step: 1, tokens: 0, ...fields }))

  /** Every call has exactly one result, in the messages right after it; no result stands anywhere else. */
  function assertPaired(messages: readonly ChatMessage[]): void {
    let open: string[] = []
    for (const each of messages) {
      if (each.role === 'tool') {
        expect(open).toContain(each.toolCallId)
        open.splice(open.indexOf(each.toolCallId), 1)
        continue
      }
      expect(open).toEqual([])
      open = each.role === 'assistant' ? each.toolCalls.map(({ id }) => id) : []
    }
    expect(open).toEqual([])
  }

  test('has one result for each call and none besides, whatever is stored in whatever order [step:pairing]', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (stored) => {
        assertPaired(repairPairs(stored.map((each) => renderMessage(each, 4_000, 'running'))))
      }),
      { numRuns: 300 },
    )
  })

  test('is made of whatever is stored, each message within its share of the window [context:budget]', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), hostileText, (queue, value) => {
        const blocks = [{ definition: { label: 'human', blockId: 'b', description: value, limit: 100_000, value, readOnly: false }, version: 1, value }]
        const prompt = buildPrompt({ definition, blocks, statistics: { evicted: 0, passages: 0, documents: 0 }, queue, tools: [] })
        assertPaired(prompt.messages)
        expect(() => JSON.parse(JSON.stringify(prompt.messages)) as unknown).not.toThrow()
        for (const each of prompt.messages.slice(1)) expect(each.content.length).toBeLessThan(4_000 * 3 * 7)
      }),
      { numRuns: 40 },
    )
  })
})

test('a tool may have any zod schema whose check goes deep; the worker refuses no step for it [step:malformed-call]', () => {
  type Tree = { readonly a: readonly Tree[] }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ a: z.array(tree) }))
  const deep = toolRegistry([{ name: 'deep', description: 'd', schema: z.object({ tree: tree.optional() }), policy: { placement: 'local', idempotent: true }, run: () => Promise.resolve('') }])
  const depth = 15_000
  const parsed = parseCall({ id: 'c', name: 'deep', arguments: `{"tree":${'{"a":['.repeat(depth)}${']}'.repeat(depth)}}` }, deep, ['deep'])
  expect(parsed.ok).toBe(false)
})
