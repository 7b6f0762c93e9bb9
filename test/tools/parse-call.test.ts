import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { limits } from '../../src/protocol/limits.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { parseCall, type ParsedCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import { defineTool } from '../../src/tools/tool.ts'

const tellTime = defineTool({
  name: 'tell_time',
  description: 'Tells the time.',
  schema: z.object({ zone: z.string().optional() }),
  policy: { placement: 'local', idempotent: true },
  run: async () => 'noon',
})
const registry = toolRegistry([...builtinTools, tellTime])
const allowed = ['send_message', 'conversation_search', 'archival_memory_search', 'tell_time', 'not_here']

function parse(name: string, args: string): ParsedCall {
  return parseCall({ id: 'c1', name, arguments: args }, registry, allowed)
}

function errorOf(name: string, args: string): string {
  const parsed = parse(name, args)
  return parsed.ok ? `accepted: ${JSON.stringify(parsed.args)}` : parsed.error
}

describe('a well-formed call', () => {
  test('gives the tool, its arguments, and what the runtime added [step:heartbeat, step:inner-thoughts]', () => {
    const parsed = parse('conversation_search', '{"inner_thoughts":"they said so","query":"tea","page":2,"request_heartbeat":true}')
    expect(parsed).toMatchObject({ ok: true, args: { query: 'tea', page: 2 }, heartbeat: true, innerThoughts: 'they said so' })
  })

  test('asks for no heartbeat unless it says so [step:heartbeat]', () => {
    const heartbeats = ['{}', '{"request_heartbeat":false}', '{"request_heartbeat":"no"}', '{"request_heartbeat":null}', '{"request_heartbeat":" True "}']
    expect(heartbeats.map(args => parse('tell_time', args)).map(parsed => parsed.heartbeat)).toEqual([false, false, false, false, true])
  })

  test('may leave the arguments empty, add keys, write null for what is optional and numbers as strings', () => {
    expect(parse('tell_time', '')).toMatchObject({ ok: true, args: {} })
    expect(parse('tell_time', ' \n')).toMatchObject({ ok: true, args: {} })
    expect(parse('tell_time', '{"zone":null,"colour":"red"}')).toMatchObject({ ok: true, args: {} })
    expect(parse('conversation_search', '{"query":"tea","page":"3"}')).toMatchObject({ ok: true, args: { query: 'tea', page: 3 } })
  })
})

describe('a malformed call gives the model an error to learn from', () => {
  test('names the tools and the likeliest one where the tool is unknown [step:malformed-call]', () => {
    expect(errorOf('conversation.search', '{}')).toBe(
      'there is no tool "conversation.search". Did you mean conversation_search? Tools: send_message, conversation_search, archival_memory_search, tell_time.',
    )
  })

  test('treats a tool that this agent may not use as unknown [step:malformed-call]', () => {
    expect(errorOf('page_out', '{"content":"a","page_number":1}')).toContain('there is no tool "page_out"')
    expect(errorOf('not_here', '{}')).toContain('tool-unknown: not_here is yours, but no program that has it runs here now')
  })

  test('says what is no JSON object [step:malformed-call]', () => {
    expect(errorOf('send_message', '{"message": "hel')).toMatch(/^arguments of send_message are not JSON \(.+\): write one JSON object, such as \{"message": …\}$/)
    expect(errorOf('send_message', '["hello"]')).toContain('are a list, not an object')
    expect(errorOf('send_message', '"hello"')).toContain('are "hello", not an object')
    expect(errorOf('send_message', '7')).toContain('are 7, not an object')
    expect(errorOf('send_message', 'null')).toContain('- message: ')
  })

  test('gives each violation of the schema one line, and the arguments that there are [step:malformed-call]', () => {
    const lines = errorOf('archival_memory_search', '{"page":0,"tags":{"a":1}}').split('\n')
    expect(lines[0]).toBe('arguments of archival_memory_search do not fit:')
    expect(lines.slice(1, 4).map(line => line.split(':')[0])).toEqual(['- query', '- page', '- tags'])
    expect(lines[4]).toBe('Expected: {"query": …, "page"?: …, "tags"?: …, "source"?: …, "start_date"?: …, "end_date"?: …}')
  })

  test('refuses arguments that are too large before reading them [step:malformed-call]', () => {
    const large = JSON.stringify({ message: 'é'.repeat(limits.toolArgumentsBytes / 2) })
    expect(errorOf('send_message', large)).toBe(
      `arguments of send_message have more than the ${limits.toolArgumentsBytes} bytes that are allowed: make several smaller calls`,
    )
  })

  test('never asks for a heartbeat of its own: the runtime decides what follows a failure [step:malformed-call]', () => {
    expect(parse('send_message', '{"request_heartbeat":true}')).toMatchObject({ ok: false, heartbeat: false })
  })
})
