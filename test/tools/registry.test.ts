import o200k from 'js-tiktoken/ranks/o200k_base'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { tokenCounterOf } from '../../src/model/byte-pairs.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { documentToolNames, toolNamesOf } from '../../src/protocol/tool-names.ts'
import { builtinTools, documentTools } from '../../src/tools/builtin.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import { defineTool, type Tool } from '../../src/tools/tool.ts'

function toolNamed(name: string, schema: z.ZodObject = z.object({})): Tool {
  return defineTool({ name, description: 'A tool.', schema, policy: { placement: 'activity', idempotent: false }, run: async () => 'done' })
}

describe('a custom tool', () => {
  test('is one object, and stands beside the built-in ones [tools:custom]', () => {
    const weather = toolNamed('weather', z.object({ city: z.string().min(1).describe('a city'), days: z.int().max(7).optional() }))
    const registry = toolRegistry([...builtinTools, weather])
    expect(registry.get('weather')).toBe(weather)
    expect(registry.modelTools(['weather'])).toEqual([
      {
        name: 'weather',
        description: 'A tool.',
        parameters: {
          type: 'object',
          properties: {
            inner_thoughts: { type: 'string' },
            city: { type: 'string', description: 'a city' },
            days: { type: 'integer', maximum: 7 },
            request_heartbeat: { type: 'boolean' },
          },
          required: ['city'],
        },
      },
    ])
  })

  test('keeps arguments whose names are words of JSON Schema [tools:custom]', () => {
    const odd = toolNamed('odd', z.object({ minLength: z.string(), inner: z.object({ additionalProperties: z.string() }) }))
    const [model] = toolRegistry([odd]).modelTools(['odd'])
    expect(model?.parameters).toMatchObject({
      properties: { minLength: { type: 'string' }, inner: { properties: { additionalProperties: { type: 'string' } } } },
    })
  })

  test('is refused under a name that is taken or malformed [tools:custom]', () => {
    expect(() => toolRegistry([...builtinTools, toolNamed('search')])).toThrow('two tools are named search')
    expect(() => toolRegistry([toolNamed('Tell Time')])).toThrow('tool name "Tell Time" is not usable')
  })

  test.each([{ timeoutMs: Infinity }, { timeoutMs: 0 }, { timeoutMs: 0.5 }, { answerWithinMs: Infinity }, { startWithinMs: 1e15 }, { attempts: 0 }, { attempts: NaN }, { taskQueue: ' ' }])(
    'is refused under a policy that no call could be run under: %o [tools:custom]',
    (wrong) => {
      const tool = toolNamed('ring')
      expect(() => toolRegistry([{ ...tool, policy: { ...tool.policy, ...wrong } }])).toThrow(`tool ring: policy.${Object.keys(wrong).join()} is `)
      expect(() => toolRegistry([{ ...tool, policy: { ...tool.policy, timeoutMs: 1, startWithinMs: 1, answerWithinMs: 366 * 86_400_000, attempts: 1 } }])).not.toThrow()
    },
  )

  test('is refused with arguments that the runtime adds [tools:custom]', () => {
    expect(() => toolRegistry([toolNamed('think', z.object({ inner_thoughts: z.string() }))])).toThrow('declares inner_thoughts')
  })
})

describe('the tools that a model is offered', () => {
  test('stand in the order asked for, thoughts first', () => {
    const tools = toolRegistry(builtinTools).modelTools(defaults.tools)
    expect(tools.map(tool => tool.name)).toEqual(defaults.tools)
    for (const { parameters } of tools) expect(Object.keys(parameters['properties'] ?? {}).at(0)).toBe('inner_thoughts')
  })

  test('are an error where a worker does not know one', () => {
    expect(() => toolRegistry(builtinTools).modelTools(['serch'])).toThrow('there is no tool "serch". Did you mean search?')
  })

  test('take fewer than 900 tokens, all together that an agent without documents has', () => {
    const tools = toolRegistry(builtinTools).modelTools(builtinTools.filter(tool => !documentTools.includes(tool)).map(tool => tool.name))
    expect(tokenCounterOf(o200k)(JSON.stringify(tools))).toBeLessThan(900)
  })

  test('include the replacing of instructions exactly where these are editable [core:self-edit]', () => {
    expect(toolNamesOf({ tools: ['send_message'], instructionsEditable: true })).toEqual(['send_message', 'instructions_replace'])
    expect(toolNamesOf({ tools: ['send_message', 'instructions_replace'], instructionsEditable: false })).toEqual(['send_message'])
  })

  test('have each name once, also of a definition of before that names one twice [definition:living]', () => {
    expect(toolNamesOf({ tools: ['send_message', 'search', 'send_message'], instructionsEditable: false })).toEqual(['send_message', 'search'])
    expect(documentTools.map(({ name }) => name)).toEqual(documentToolNames)
  })

  test('are local exactly where they need no embedder, and all idempotent', () => {
    const remote = builtinTools.filter(tool => tool.policy.placement === 'activity').map(tool => tool.name)
    expect(remote).toEqual(['archival_memory_insert', 'archival_memory_search', 'page_out', 'search'])
    expect(builtinTools.every(tool => tool.policy.idempotent)).toBe(true)
  })
})
