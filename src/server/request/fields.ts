import { z } from 'zod'
import { deepest } from '../../client/assert-input.ts'
import { limits } from '../../protocol/limits.ts'

/** Fields that queries and bodies have in common. What else must hold of their values the client says, in its own words. */

/** A number in a query. Not `z.coerce`, which takes nothing for 0, and 0x10 for 16. */
export const numeric = <Schema extends z.ZodType<number>>(schema: Schema) => z.preprocess((text) => (typeof text === 'string' && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text), schema)
export const limit = numeric(z.int().min(1).max(limits.pageSize)).optional()
export const offset = numeric(z.int().min(0).max(deepest)).optional()
export const number = numeric(z.int().min(0)).optional()
/** What is not true is as if it were not given. */
export const flag = z
  .enum(['true', 'false'])
  .transform((text) => (text === 'true' ? true : undefined))
  .optional()
export const time = z.string().optional().meta({ format: 'date-time', description: 'ISO 8601' })
/** A parameter that may be given more than once. */
export const severalOf = <One extends z.ZodType<string, string>>(one: One) => z.union([z.array(one), one.transform((text) => [text])]).optional()
export const several = severalOf(z.string())
/** The most bytes of a body that has a whole definition, or a conversation to import. */
export const largeBodyBytes = 32 * 1024 * 1024
export const by = z.string().max(limits.authorCharacters).optional().describe('who does it, for the record; default: `person`')
