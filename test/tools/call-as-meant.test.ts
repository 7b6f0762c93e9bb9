import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { argumentsOfCall } from '../../src/tools/arguments-of-call.ts'
import { nameOfCall } from '../../src/tools/name-of-call.ts'
import { parseCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import { defineTool } from '../../src/tools/tool.ts'

const schema = z.object({ text: z.string(), tags: z.array(z.string()).optional(), count: z.number().int().optional(), sure: z.boolean().optional(), where: z.object({ x: z.number() }).optional() })
const note = defineTool({ name: 'note', description: 'n', schema, policy: { placement: 'local', idempotent: true }, run: () => Promise.resolve('') })
const parse = (written: string) => parseCall({ id: 'a', name: 'note', arguments: written }, toolRegistry([note]), ['note'])

describe('arguments', () => {
  test.for([1, 2])('that are encoded %i times more are read [step:malformed-call]', (times) => {
    let written = JSON.stringify({ text: 'tea', request_heartbeat: 'true' })
    for (let more = 0; more < times; more += 1) written = JSON.stringify(written)
    expect(parse(written)).toMatchObject({ ok: true, args: { text: 'tea' }, heartbeat: true })
  })

  test('of another simple type are read as the schema wants them [step:malformed-call]', () => {
    const written = JSON.stringify({ text: 42, tags: '["tea","time"]', count: '3', sure: 'True', where: '{"x": 1}' })
    expect(parse(written)).toMatchObject({ ok: true, args: { text: '42', tags: ['tea', 'time'], count: 3, sure: true, where: { x: 1 } } })
    expect(parse(JSON.stringify({ text: '42', tags: 'tea' }))).toMatchObject({ ok: true, args: { text: '42', tags: ['tea'] } })
  })

  test('that fit in no reading are refused as before, with what they were [step:malformed-call]', () => {
    expect(parse(JSON.stringify({ text: 'a', count: 'three' }))).toMatchObject({ ok: false, error: expect.stringContaining('count') as string })
    expect(parse(JSON.stringify('tea'))).toMatchObject({ ok: false, error: expect.stringContaining('not an object') as string })
    expect(parse(JSON.stringify({ text: { a: 1 } })).ok).toBe(false)
  })
})

describe('arguments that are no JSON', () => {
  test.for([
    '{"text": "tea\nand\ttime"}',
    "{'text': 'tea\\nand\\ttime'}",
    '{"text": "tea\\nand\\ttime",}',
    '```json\n{"text": "tea\\nand\\ttime"}\n```',
    '{}{"text": "tea\\nand\\ttime"}',
    '{"text": "tea\\nand\\ttime"}{"text": "tea\\nand\\ttime"}',
    '{"text":"tea\\nand\\ttime"} {"text":"tea\\nand\\ttime"}\n{"text":"tea\\nand\\ttime"}',
    '{"text": "tea\\nand\\ttime", "count": 1}{"count":1,"text":"tea\\nand\\ttime"}</tool_call>',
    String.raw`{"text": "tea\nand\ttime"}"{\"text\":\"tea\\nand\\ttime\"}"`,
    '{"text": "tea\\nand\\ttime"}</tool_call>',
    '{"text": "tea\\nand\\ttime"}<|call|>',
  ])('and mean an object are that object: %j [step:malformed-call]', (written) => {
    expect(parse(argumentsOfCall(written))).toMatchObject({ ok: true, args: { text: 'tea\nand\ttime' } })
  })

  const same = [String.raw`C:\Users\ada\Documents`, String.raw`c:\users\ada`, String.raw`\d+\s*\w \x41 \0`, String.raw`$\mathrm{F}_1 \underline{x} \alpha \_$`, String.raw`a \u12 b \U00e9 \uD8 \u`, 'cd a \\\n&& ls']
  const backslashes: readonly (readonly [written: string, meant: string])[] = [
    ...same.map((text) => [text, text] as const),
    [String.raw`it\'s \"\d\"`, String.raw`it's "\d"`],
    // What JSON has an escape for is that escape: nobody can know here that a path was meant.
    [String.raw`C:\new\table \q`, 'C:\new\table \\q'],
    [String.raw`\u00e9\ud83d\ude00\/ \\ \q`, String.raw`é😀/ \ \q`],
  ]
  test.for(backslashes)('keep a backslash with which JSON begins no escape: %j [step:malformed-call]', ([written, meant]) => {
    expect(parse(argumentsOfCall(`{"text": "${written}"}`))).toMatchObject({ ok: true, args: { text: meant } })
  })

  test.for(['{"text": "tea', '{"text": "tea"', '{"text": "say "tea" twice"}', '{"text": "tea"}{"text": "coffee"}', '{"text": "tea"}{"text": "tea"}{"text": "coffee"}', '{"text": "tea"}{"text": "tea"', '{"text": "tea"} and more', 'tea', '(cut off before its arguments)'])(
    'and mean none, or were cut off, stay as they are: %j [step:malformed-call]',
    (written) => {
      expect(argumentsOfCall(written)).toBe(written)
      expect(parse(written).ok).toBe(false)
    },
  )

  test('are JSON are kept to the letter', () => {
    const written = '{ "text":"tea" , "count": 1e2 }'
    expect(argumentsOfCall(written)).toBe(written)
  })
})

describe('the name of a call', () => {
  const known = ['send_message', 'search', 'conversation_search']
  test.for(['functions.send_message', 'send_message<|channel|>commentary', 'send message', 'Send-Message', 'default_api:send_message', 'functions.send_message:0', ' send_message() ', 'tools/send_message', 'mcp__perdure__send_message', 'sendMessage', 'SendMessage_tool'])(
    'with something plain around it is the tool that is meant: %j [step:malformed-call]',
    (written) => {
      expect(nameOfCall(written, known)).toBe('send_message')
    },
  )

  test('that means none, or several, stays as it is [step:malformed-call]', () => {
    for (const written of ['', 'sendmessage', 'x'.repeat(100), 'search|send_message', 'my_search', 'conversation_search']) expect(nameOfCall(written, known)).toBe(written)
  })
})
