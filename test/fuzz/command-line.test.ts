import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLine } from '../../src/cli/chat/parse-line.ts'
import { printable } from '../../src/cli/output/printable.ts'
import { readConfig } from '../../src/config/config.ts'
import { variableNames } from '../../src/config/variables.ts'
import { describeConfig } from '../../src/config/describe.ts'
import { defineAgent, type AgentInput } from '../../src/definition/define-agent.ts'
import { assertMessageQuery, assertPage } from '../../src/client/assert-input.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { almost, hostileJson, hostileText, isPolluted } from './hostile.ts'

function assertNamed(check: () => void): PerdureError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    return error
  }
}

describe('whatever is typed or piped', () => {
  test('as a line of a chat is nothing, a message or a command [cli:chat]', () => {
    fc.assert(
      fc.property(hostileText, (line) => {
        const read = parseLine(line)
        if (read.type === 'nothing') expect(line.trim()).toBe('')
        if (read.type === 'message') expect(read.text.trim()).toBe(read.text)
        if (read.type === 'command') expect(read.name).not.toMatch(/\s/)
      }),
    )
  })

  test('and shown moves no cursor, sets no title and changes no colour [cli:chat]', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(printable(text).replaceAll(/[\t\n]/g, '')).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('a configuration of whatever values', () => {
  const secret = 'sk-very-secret-0123456789abcdef'

  test('is read, or refused by name with each variable that is wrong, and never shows a secret', () => {
    const env = fc.dictionary(fc.constantFrom(...variableNames, 'PERDURE_TYPO', '__proto__'), fc.oneof(hostileText, fc.constantFrom('on', '7233', 'http://h', 'mongodb://h', 'localhost:1')))
    fc.assert(
      fc.property(env, (given) => {
        const error = assertNamed(() => describeConfig(readConfig({ ...given, OPENAI_API_KEY: secret, TEMPORAL_API_KEY: secret })))
        expect(error?.code ?? 'config-invalid').toBe('config-invalid')
        expect(error?.message ?? '').not.toContain(secret)
        expect(isPolluted()).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('whatever a caller says of', () => {
  test('an agent makes a definition, or is refused by name [agent:create]', () => {
    const block = almost({ label: fc.stringMatching(/^[a-z]{1,5}$/), blockId: hostileText, description: hostileText, limit: fc.integer(), value: hostileText })
    const tool = almost({ name: fc.stringMatching(/^[a-z]{1,5}$/), description: hostileText, parameters: fc.oneof(fc.constant({ type: 'object' }), hostileJson) })
    const input = almost({
      id: fc.stringMatching(/^[a-z]{1,9}$/),
      model: hostileText,
      instructions: hostileText,
      contextWindow: fc.oneof(fc.integer(), fc.double()),
      blocks: fc.array(block, { maxLength: 3 }),
      clientTools: fc.array(tool, { maxLength: 2 }),
      pressure: almost({ warning: fc.double(), flush: fc.double() }),
    })
    fc.assert(
      fc.property(input, (given) => {
        const error = assertNamed(() => defineAgent(given as AgentInput))
        expect(error?.code ?? 'invalid-argument').toBe('invalid-argument')
        expect(isPolluted()).toBe(false)
      }),
      { numRuns: 400 },
    )
  })

  test('a search or a page is taken, or refused by name [client:sdk]', () => {
    const query = almost({ text: hostileText, from: hostileText, to: hostileText, order: hostileText, offset: fc.double(), limit: fc.double(), roles: hostileJson, before: fc.double() })
    fc.assert(
      fc.property(query, (given) => {
        if (typeof given !== 'object' || given === null) return
        assertNamed(() => assertMessageQuery(given))
        assertNamed(() => assertPage(given))
      }),
      { numRuns: 300 },
    )
    expect(assertNamed(() => assertPage({ limit: 1_000 }))).toBeUndefined()
    expect(assertNamed(() => assertPage({ limit: 1_001 }))?.code).toBe('invalid-argument')
    expect(assertNamed(() => assertMessageQuery({ text: 'x'.repeat(2_000) }))).toBeUndefined()
    expect(assertNamed(() => assertMessageQuery({ text: 'x'.repeat(2_001) }))?.code).toBe('invalid-argument')
    expect(assertNamed(() => assertMessageQuery({ from: 'yesterday' }))?.code).toBe('invalid-argument')
  })
})
