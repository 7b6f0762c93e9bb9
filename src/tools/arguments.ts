import { z } from 'zod'
import { limits } from '../protocol/limits.ts'
import { beginningOf, composed } from '../protocol/well-formed.ts'

/** A query is a few words. A longer one is cut: it would find nothing more, and may be too long for an embedder. */
const { queryCharacters } = limits

/** Arguments that several tools take, described in the same words. Some models write numbers as strings. */
export const query = z.string().trim().min(1).overwrite(text => beginningOf(text, queryCharacters))
export const page = z.coerce.number().int().min(1).optional().describe('from 1')
export const startDate = z.string().describe('ISO date or date-time')
export const endDate = z.string().describe('inclusive: that day or minute; with seconds exclusive')
export const tags = z.array(z.string().trim().overwrite(composed).min(1).max(limits.tagCharacters)).max(limits.tags)
