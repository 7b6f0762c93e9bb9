import { z } from 'zod'
import { isRecord } from '../protocol/is-record.ts'
import { partKey, type SchemaPart } from './bounded-json-schema.ts'
import type { LinearPattern } from './linear-pattern.ts'

/** Arguments that a schema can't judge in bounded time, or that are nested too deeply. */
export class TooManySteps extends Error {
  override readonly name = 'TooManySteps'
}

/** A tenth of a second or two, at the most. */
const mostSteps = 25_000_000
/** A look at one value costs about as much as so many steps of matching a pattern. */
const stepsOfLook = 200
const deepest = 1_000

type Keywords = Record<string, unknown>

/**
 * Counts the steps of a schema that zod makes of JSON Schema, and matches its patterns. zod tells its registry of each schema that has a
 * keyword that it does not know; so each part passes here before it becomes part of another.
 */
export class Metered extends z.core.$ZodRegistry<Keywords> {
  readonly #parts: readonly SchemaPart[]
  #left = mostSteps
  #depth = 0

  constructor(parts: readonly SchemaPart[]) {
    super()
    this.#parts = parts
  }

  override add(schema: z.core.$ZodType, keywords?: unknown): this {
    const number = isRecord(keywords) ? keywords[partKey] : undefined
    const part = typeof number === 'number' ? this.#parts[number] : undefined
    if (part !== undefined) this.#meter(schema, part.pattern)
    return this
  }

  #meter(schema: z.core.$ZodType, pattern: LinearPattern | undefined): void {
    const run = schema._zod.run.bind(schema._zod)
    schema._zod.run = (payload, context) => {
      if (this.#depth === 0) this.#left = mostSteps
      this.#depth += 1
      try {
        this.#spend(stepsOfLook)
        const value: unknown = payload.value
        const result = run(payload, context)
        if (pattern !== undefined && typeof value === 'string' && 'issues' in result && !this.#matches(pattern, value)) {
          result.issues.push({ code: 'invalid_format', origin: 'string', format: 'regex', input: value, inst: schema, continue: true, message: `does not match the pattern ${pattern.source}` })
        }
        return result
      } finally {
        this.#depth -= 1
      }
    }
  }

  #matches(pattern: LinearPattern, text: string): boolean {
    this.#spend(text.length * pattern.steps)
    return pattern.test(text)
  }

  #spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0 || this.#depth > deepest) throw new TooManySteps('the arguments take too many steps to check')
  }
}
