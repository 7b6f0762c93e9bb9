import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { argumentsOfCall } from '../../src/tools/arguments-of-call.ts'
import { nameOfCall } from '../../src/tools/name-of-call.ts'
import { parseCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import { defineTool } from '../../src/tools/tool.ts'

const schema = z.object({ text: z.string(), tags: z.array(z.string()).optional(), count: z.number().int().optional(), sure: z.boolean().optional(), where: z.object({ x: z.number(), names: z.array(z.string()).optional() }).optional(), many: z.array(z.object({ a: z.number() })).optional(), kind: z.enum(['hot', 'cold']).optional(), unit: z.enum(['Celsius', 'mg', 'Mg', 'MG']).optional() })
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
    expect(parse(JSON.stringify({ text: 'tea', sure: 'yes' }))).toMatchObject({ ok: true, args: { sure: true } })
    for (const kind of ['HOT', ' hot ', '"hot"']) expect(parse(JSON.stringify({ text: 'tea', kind }))).toMatchObject({ ok: true, args: { kind: 'hot' } })
    expect(parse(JSON.stringify({ text: 'tea', kind: 'warm' })).ok).toBe(false)
    expect(parse(JSON.stringify({ text: 'tea', unit: 'celsius' }))).toMatchObject({ ok: true, args: { unit: 'Celsius' } })
    // A thousandth, a million or a sign of it.
    expect(parse(JSON.stringify({ text: 'tea', unit: 'mG' })).ok).toBe(false)
    expect(parse(JSON.stringify({ text: 'tea', sure: 0 }))).toMatchObject({ ok: true, args: { sure: false } })
    expect(parse(JSON.stringify({ text: '42', tags: 'tea' }))).toMatchObject({ ok: true, args: { text: '42', tags: ['tea'] } })
  })

  test.for([
    [{ tags: "['tea', 'time']" }, { tags: ['tea', 'time'] }],
    [{ where: "{'x': 1, 'names': ['tea',]}" }, { where: { x: 1, names: ['tea'] } }],
    [{ where: { x: '1', names: '["tea"]' } }, { where: { x: 1, names: ['tea'] } }],
    [{ where: '{"x": "1"}' }, { where: { x: 1 } }],
    [{ many: [{ a: '1' }, '{"a": 2}'] }, { many: [{ a: 1 }, { a: 2 }] }],
    [{ many: { a: 1 } }, { many: [{ a: 1 }] }],
    [{ tags: [1, true] }, { tags: ['1', 'true'] }],
    [{ tags: {} }, { tags: [] }],
    [{ text: ['tea'] }, { text: 'tea' }],
  ])('of another type are read as the schema wants them within lists and objects too, and as Python writes them: %j [step:malformed-call]', ([written, args]) => {
    expect(parse(JSON.stringify({ text: 'tea', ...(written as object) }))).toMatchObject({ ok: true, args: args as object })
  })

  test('of which a long list is of another type are refused at once: the schema checks them a few times, and not for each part [step:malformed-call]', () => {
    let checked = 0
    const counted = z.array(z.unknown().refine((value) => {
      checked += 1
      return typeof value === 'string'
    }))
    const tool = defineTool({ ...note, schema: z.object({ tags: counted }) })
    const tags = Array.from({ length: 1_000 }, (_, index) => index)
    expect(parseCall({ id: 'a', name: 'note', arguments: JSON.stringify({ tags }) }, toolRegistry([tool]), ['note']).ok).toBe(false)
    expect(checked).toBeLessThan(10 * tags.length)
  })

  test.for(['null', 'None', '', ' undefined '])('that are optional, and no texts, are absent where a text says so: %j [step:malformed-call]', (none) => {
    expect(parse(JSON.stringify({ text: none, count: none, tags: none, where: none }))).toMatchObject({ ok: true, args: { text: none } })
    expect(parse(JSON.stringify({ text: none, count: none }))).not.toHaveProperty('args.count')
  })

  test.for([
    { arguments: { text: 'tea' } },
    { name: 'note', arguments: { text: 'tea' } },
    { function: 'note', parameters: '{"text":"tea"}' },
    { note: { text: 'tea' } },
    [{ text: 'tea' }],
  ])('within one more object are read: %j [step:malformed-call]', (written) => {
    expect(parse(JSON.stringify(written))).toMatchObject({ ok: true, args: { text: 'tea' }, unknownNames: [] })
    expect(parse(JSON.stringify({ arguments: { text: 'tea', request_heartbeat: true } }))).toMatchObject({ ok: true, heartbeat: true })
    expect(parse(JSON.stringify({ text: 'tea', arguments: { text: 'coffee' } }))).toMatchObject({ ok: true, args: { text: 'tea' } })
  })

  test.each([{ Text: 'tea' }, { TEXT: 'tea' }, { ' text ': 'tea' }, { properties: { text: 'tea' } }, { function: { name: 'note', arguments: { text: 'tea' } } }, { arguments: { Text: 'tea' } }])(
    'under a name in other letters, or within the form of a whole call, are read: %j [step:malformed-call]',
    (written) => {
      expect(parse(JSON.stringify(written))).toMatchObject({ ok: true, args: { text: 'tea' }, unknownNames: [] })
    },
  )

  test.each([{ requestHeartbeat: true }, { request_heartbeat: 'yes' }, { request_heartbeat: 1 }])('ask for another step in other letters and types too: %j [step:malformed-call]', (written) => {
    expect(parse(JSON.stringify({ text: 'tea', ...written }))).toMatchObject({ ok: true, heartbeat: true })
  })

  test.each([{ Count: 1, COUNT: 2 }, { '!count': 1 }, { 'count#': 1 }, { '>count': 1 }, { 'co.unt': 1 }])('are not those of a name that two may mean, or that says more: %j [step:malformed-call]', (written) => {
    expect(parse(JSON.stringify({ text: 'tea', ...written }))).toMatchObject({ ok: true, args: { text: 'tea' }, unknownNames: Object.keys(written) })
  })

  test.each([{ name: 'search', arguments: { text: 'tea' } }, { function: { name: 'search', arguments: { text: 'tea' } } }, { tool: 'search', tool_input: { text: 'tea' } }])('of a call of another tool are not taken for its own: %j [step:malformed-call]', (written) => {
    const registry = toolRegistry([note, defineTool({ ...note, name: 'search' })])
    expect(parseCall({ id: 'a', name: 'note', arguments: JSON.stringify(written) }, registry, ['note', 'search'])).toEqual({ ok: false, heartbeat: false, error: 'arguments of note hold a call of search: call search itself' })
    expect(parse(JSON.stringify(written))).toMatchObject({ ok: true, args: { text: 'tea' } })
  })

  test('under their own names come before those in other letters, which the model is told of [step:malformed-call]', () => {
    expect(parse(JSON.stringify({ text: 'tea', Text: 'coffee' }))).toMatchObject({ ok: true, args: { text: 'tea' }, unknownNames: ['Text'] })
  })

  test('stay as they are where the tool takes arguments of any name, and so these too [step:malformed-call]', () => {
    const given = (parameters: object, written: object) => {
      const tool = defineTool({ ...note, schema: z.fromJSONSchema({ type: 'object', properties: { note: { type: 'string' } }, ...parameters }) as z.ZodObject })
      return parseCall({ id: 'a', name: 'note', arguments: JSON.stringify(written) }, toolRegistry([tool]), ['note'])
    }
    for (const written of [{ input: { a: 1 } }, { arguments: { note: 'tea' } }, { params: '{"a":1}' }]) expect(given({}, written)).toMatchObject({ ok: true, args: written })
    expect(given({ required: ['note'] }, { input: { note: 'tea' } })).toMatchObject({ ok: true, args: { note: 'tea' } })
    expect(given({ additionalProperties: false }, { input: { note: 'tea' } })).toMatchObject({ ok: true, args: { note: 'tea' } })
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
    '{"text": "tea\\nand\\ttime"}}',
    '{"text": "tea\\nand\\ttime"}]}',
    '{"text": "tea\\nand\\ttime", "count": 1}"}',
    'null{"text": "tea\\nand\\ttime"}',
    '[{"text": "tea\\nand\\ttime"}]',
    '{text: "tea\\nand\\ttime", count: 1}',
    '{"text": "tea\\nand\\ttime", // as asked\n "count": 1 /* once */}',
    '// the note\n{"text": "tea\\nand\\ttime"}',
    '{“text”: “tea\\nand\\ttime”，“count”：1}',
    '<tool_call>{"text": "tea\\nand\\ttime"}</tool_call>',
    `{${'/* again */'.repeat(20_000)}"text": "tea\\nand\\ttime"}`,
    'json\n{"text": "tea\\nand\\ttime"}',
    '{\u00a0"text": "tea\\nand\\ttime", "count": undefined}',
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

  test.for(['null', '[]', ' [ ] ', '""', 'None', 'undefined', '"{}"'])('and stand for none are an empty object, in what goes back as well: %j [step:malformed-call]', (written) => {
    expect(argumentsOfCall(written)).toBe('{}')
    expect(parse(written === 'None' || written === 'undefined' ? '{}' : written)).toMatchObject({ ok: false, error: expect.stringContaining('text: ') as string })
  })

  test('that are encoded twice go back as the object that they are [step:malformed-call]', () => {
    expect(argumentsOfCall(JSON.stringify('{"text":"tea"}'))).toBe('{"text":"tea"}')
  })

  test.for(['{"text": "tea', '{"text": "tea"', '{"text": "say "tea" twice"}', '{"text": "tea"}{"text": "coffee"}', '{"text": "tea"}{"text": "tea"}{"text": "coffee"}', '{"text": "tea"}{"text": "tea"', '{"text": "tea"} and more', 'Here: {"text": "tea"}', '{text tea}', '{"text": "tea" "count": 1}', '{"text": "tea"} // and {"text": "coffee"}', 'tea', '(cut off before its arguments)'])(
    'and mean none, or were cut off, stay as they are: %j [step:malformed-call]',
    (written) => {
      expect(argumentsOfCall(written)).toBe(written)
      expect(parse(written).ok).toBe(false)
    },
  )

  test.for(['{"text": "Close it with "}"}', '{"text":"print("}")"}', '{"text":"echo "};";"}', "{'text': 'Close it with '}'}", '{"text": "a", "where": {"names": ["Close it with "]}}"]}}'])(
    'and have quotes within a text that nothing escapes are not cut there, but stay as they are: %j [step:malformed-call]',
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
  test.for(['functions.send_message', 'send_message<|channel|>commentary', 'send message', 'Send-Message', 'default_api:send_message', 'functions.send_message:0', ' send_message() ', 'tools/send_message', 'mcp__perdure__send_message', 'sendMessage', 'SendMessage_tool', 'send_messagesend_message', 'send_messagesend_messagesend_message', 'functions_send_message', 'default_api_send_message', 'tool_send_message', 'send.message', 'send\\_message', 'ｓｅｎｄ＿ｍｅｓｓａｇｅ'])(
    'with something plain around it is the tool that is meant: %j [step:malformed-call]',
    (written) => {
      expect(nameOfCall(written, known)).toBe('send_message')
    },
  )

  test('that means none, or several, stays as it is [step:malformed-call]', () => {
    for (const written of ['', 'sendmessage', 'x'.repeat(100), 'search|send_message', 'my_search', 'conversation_search', `search${'_tool'.repeat(200_000)}`]) expect(nameOfCall(written, known)).toBe(written)
  })
})
