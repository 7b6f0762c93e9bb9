import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineClientTool } from '../../src/client/client-tool.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { linearPattern } from '../../src/parameters/linear-pattern.ts'
import { parametersSchema } from '../../src/parameters/parameters-schema.ts'
import type { ClientToolDefinition } from '../../src/protocol/definition.ts'
import { limits } from '../../src/protocol/limits.ts'
import { agentTools } from '../../src/tools/agent-tools.ts'
import { parseCall, type ParsedCall } from '../../src/tools/parse-call.ts'
import { toolRegistry } from '../../src/tools/registry.ts'

type Json = Readonly<Record<string, unknown>>

const ofField = (field: Json): Json => ({ type: 'object', properties: { field }, required: ['field'] })
const toolOf = (parameters: Json): ClientToolDefinition => ({ name: 'form', description: 'Fills in a form.', parameters })

/** As a worker reads a call; also by a definition that was stored before today's rules. */
function read(parameters: Json, args: unknown): ParsedCall {
  const definition = { ...defineAgent({ id: 'a' }), clientTools: [toolOf(parameters)] }
  const tools = agentTools(toolRegistry([]), definition)
  return parseCall({ id: 'c', name: 'form', arguments: JSON.stringify(args) }, tools, ['form'])
}

const accepts = (field: Json, value: unknown): boolean => read(ofField(field), { field: value }).ok

/** Milliseconds of this process, which others on the machine do not lengthen. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const define = (parameters: Json): unknown => defineAgent({ id: 'a', clientTools: [toolOf(parameters)] })

describe('a pattern in the schema of a client tool', () => {
  test.each([
    ['^(a+)+$', `${'a'.repeat(28)}!`],
    ['^(a|aa)+$', `${'a'.repeat(200_000)}!`],
    ['^(.*a){20}$', `${'a'.repeat(10_000)}!`],
    ['(x+x+)+y', 'x'.repeat(200_000)],
  ])('is judged at once, whatever text it meets: %s [tools:client-side]', (pattern, text) => {
    define(ofField({ type: 'string', pattern }))
    let verdict: ParsedCall | undefined
    const took = cpuOf(() => {
      verdict = read(ofField({ type: 'string', pattern }), { field: text })
    })
    expect(verdict).toMatchObject({ ok: false, error: expect.stringContaining('does not match the pattern') as string })
    expect(took).toBeLessThan(200)
  })

  test('is told to be too much for its text where it is, and the process goes on [tools:client-side]', () => {
    const parameters = ofField({ type: 'string', pattern: '[a-z]{1,1000}[0-9]' })
    define(parameters)
    expect(read(parameters, { field: 'x'.repeat(200_000) })).toMatchObject({ ok: false, error: expect.stringContaining('too long') as string })
    expect(read(parameters, { field: 'xyz1' })).toMatchObject({ ok: true })
  })

  test.each([
    ['^[a-z]+-\\d{2}$', ['ab-12', 'ab-1', 'AB-12', ' ab-12']],
    ['\\d', ['a1', 'a']],
    ['^\\s*$', [' \t', '\u00a0\u2003', 'x']],
    ['^[\\s,]+$', [' , ', '\u2003', 'x']],
    ['^\\S+$', ['\u2003', 'x y', 'xy']],
    ['^\\u00e9t\\u00e9$', ['été', 'ete']],
    ['^(?<year>\\d{4})\\/(?:0[1-9]|1[0-2])$', ['2027/03', '2027/13']],
    ['^[^\\]]+\\]$', ['a]', ']]']],
    ['^.{2,3}$', ['ab', 'abcd', 'a']],
    ['\\bword\\b', ['a word here', 'sword']],
    ['^[\\w.+-]+@[\\w-]+\\.[\\w.]+$', ['ada@example.org', 'ada@example']],
  ])('means what JavaScript takes it for: %s [tools:client-side]', (pattern, texts) => {
    const native = texts.map((text) => new RegExp(pattern).test(text))
    expect(new Set(native).size).toBe(2)
    expect(texts.map((text) => accepts({ type: 'string', pattern }, text))).toEqual(native)
  })

  test('holds wherever it stands in a schema [tools:client-side]', () => {
    const x = { type: 'string', pattern: '^x' }
    const y = { type: 'string', pattern: 'y$' }
    expect(['xy', 'x'].map((value) => accepts({ oneOf: [x, y] }, value))).toEqual([false, true])
    expect(['xy', 'x'].map((value) => accepts({ allOf: [x, y] }, value))).toEqual([true, false])
    expect(['z', 1].map((value) => accepts({ anyOf: [x, { type: 'number' }] }, value))).toEqual([false, true])
    expect([['x', 'x1'], ['x', 'y']].map((value) => accepts({ type: 'array', items: x }, value))).toEqual([true, false])
    expect([null, 'x', 'y'].map((value) => accepts({ ...x, type: ['string', 'null'] }, value))).toEqual([true, true, false])
    expect([{ xa: 1 }, { a: 1 }].map((value) => accepts({ type: 'object', propertyNames: { pattern: '^x' }, additionalProperties: { type: 'number' } }, value))).toEqual([true, false])
    expect(accepts({ ...x, description: 'begins with x', default: 'x' }, 'y')).toBe(false)
    expect(read({ type: 'object', properties: { field: { ...x, default: 'x1' } } }, {})).toMatchObject({ ok: true, args: { field: 'x1' } })
    const tree = { $defs: { node: { type: 'object', properties: { name: x, next: { $ref: '#/$defs/node' } }, required: ['name'] } }, ...ofField({ $ref: '#/$defs/node' }) }
    expect(['x2', 'y2'].map((name) => read(tree, { field: { name: 'x1', next: { name } } }).ok)).toEqual([true, false])
  })

  test.each(['^(?=.*\\d).+$', '(?<!a)b', '^(a)\\1$', 'a{5000}', 'x'.repeat(limits.patternCharacters + 1)])(
    'that can not be matched in linear time is refused by name when the agent is defined: %s [tools:client-side]',
    (pattern) => {
      expect(linearPattern(pattern)).toEqual(expect.any(String))
      expect(() => define(ofField({ type: 'string', pattern }))).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('field: the pattern') as string }))
      // Of an agent that has it already; the program that runs the tool has a check of its own.
      expect(accepts({ type: 'string', pattern }, 'anything')).toBe(true)
    },
  )

  test('is what zod writes for its formats, and these are checked [tools:client-side]', () => {
    const format = z.object({ mail: z.email(), id: z.uuid(), day: z.iso.date(), at: z.iso.datetime(), time: z.iso.time(), address: z.ipv6(), site: z.url(), data: z.base64(), phone: z.e164() })
    const tool = defineClientTool({ name: 'form', description: 'x', schema: format, run: () => Promise.resolve('') })
    define(tool.definition.parameters)
    const good = { mail: 'ada@example.org', id: crypto.randomUUID(), day: '2027-03-01', at: '2027-03-01T08:00:00Z', time: '08:00', address: '::1', site: 'https://example.org', data: 'YQ==', phone: '+351210000000' }
    expect(format.safeParse(good).success).toBe(true)
    for (const field of Object.keys(good)) {
      const call = read(tool.definition.parameters, { ...good, [field]: 'no such thing' })
      expect(call).toMatchObject({ ok: false, error: expect.stringContaining(field) as string })
    }
  })
})

describe('the schema of a client tool', () => {
  test('is compiled once for its text, whichever agent or tool has it [tools:client-side]', () => {
    const parameters = ofField({ type: 'string', pattern: '^once$' })
    const first = parametersSchema({ name: 'one', parameters }).schema
    expect(parametersSchema({ name: 'other', parameters: structuredClone(parameters) }).schema).toBe(first)
    expect(parametersSchema({ name: 'one', parameters: ofField({ type: 'string', pattern: '^twice$' }) }).schema).not.toBe(first)
  })

  test('whose parts multiply is given up after bounded steps [tools:client-side]', () => {
    const doubled = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`d${index}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${index + 1}` })) }]))
    const parameters = { $defs: { ...doubled, d30: { type: 'string' } }, ...ofField({ $ref: '#/$defs/d0' }) }
    define(parameters)
    let verdict: ParsedCall | undefined
    expect(cpuOf(() => (verdict = read(parameters, { field: 'x' })))).toBeLessThan(2_000)
    expect(verdict).toMatchObject({ ok: false, error: expect.stringContaining('to be checked') as string })
  })

  test('judges as much as a call may bring, and what is nested too deeply not at all [tools:client-side]', () => {
    const list = { type: 'array', items: { type: 'number' } }
    expect(accepts(list, Array.from({ length: 100_000 }, (_, index) => index % 10))).toBe(true)
    const tree = { type: 'object', properties: { next: { $ref: '#' } } }
    const nested = (levels: number): unknown => JSON.parse(`${'{"next":'.repeat(levels)}{}${'}'.repeat(levels)}`)
    expect(read(tree, nested(50)).ok).toBe(true)
    expect(read(tree, nested(3_000))).toMatchObject({ ok: false, error: expect.stringContaining('nested too deeply') as string })
  })

  test('has bounds of its own, which a definition is told by name [tools:client-side]', () => {
    const nested = (levels: number): Json => Array.from({ length: levels }).reduce<Json>((inner: Json) => ({ type: 'array', items: inner }), {})
    define(ofField(nested(limits.schemaDepth - 1)))
    expect(() => define(ofField(nested(limits.schemaDepth)))).toThrow(/nested more than 32 deep/)
    const wide = (fields: number): Json => ({ type: 'object', properties: Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f${index}`, { type: 'null' }])) })
    define(wide(limits.schemaParts - 1))
    expect(() => define(wide(limits.schemaParts))).toThrow(/more than 1000 schemas/)
    const heavy = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, { type: 'string', pattern: `[a-z]{${900 + index}}[a-z]{900}` }]))
    expect(() => define({ type: 'object', properties: heavy })).toThrow(/all patterns together are too large/)
    expect(() => define(ofField({ type: 'object', patternProperties: { '^(a+)+$': {} } }))).toThrow(/patternProperties is not supported; use propertyNames/)
  })
})
