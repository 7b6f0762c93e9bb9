import { invalidArgument } from '../protocol/errors.ts'
import { isIsoTime } from '../protocol/iso-time.ts'
import { limits } from '../protocol/limits.ts'
import type { MessageQuery } from '../stores/messages.ts'

const isWhole = (value: unknown, least: number, most: number): boolean => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

/** Where a page begins, at the most: pages are for looking, not for reading all of it; that is done from a sequence number on. */
export const deepest = 1_000_000_000

/** @throws PerdureError `invalid-argument` */
export function assertPage({ limit, offset = 0, after = 0 }: { readonly limit?: number; readonly offset?: number; readonly after?: number }): void {
  if (limit !== undefined && !isWhole(limit, 1, limits.pageSize)) throw invalidArgument(`limit is a whole number from 1 to ${limits.pageSize}; ask for the rest page by page`)
  if (!isWhole(offset, 0, deepest)) throw invalidArgument('offset is a whole number from 0')
  if (!isWhole(after, 0, Number.MAX_SAFE_INTEGER)) throw invalidArgument('after is a sequence number, or 0')
}

const orders = ['newest', 'relevance']
const roles = ['user', 'system', 'assistant', 'tool']

/** @throws PerdureError `invalid-argument` */
export function assertMessageQuery(query: Partial<MessageQuery>): void {
  const { text, from, to, order, roles: asked, before } = query
  assertPage(query)
  if (text !== undefined && (typeof text !== 'string' || text.length > limits.queryCharacters)) throw invalidArgument(`text is what to search for, in at most ${limits.queryCharacters} characters`)
  assertTime('from', from)
  assertTime('to', to)
  assertRange(from, to)
  if (order !== undefined && !orders.includes(order)) throw invalidArgument('order is newest or relevance')
  if (order === 'relevance' && text === undefined) throw invalidArgument('order relevance needs a text')
  if (asked !== undefined && (!Array.isArray(asked) || !asked.every((role) => roles.includes(role as string)))) throw invalidArgument(`roles is a list of ${roles.join(', ')}`)
  if (before !== undefined && !isWhole(before, 0, Number.MAX_SAFE_INTEGER)) throw invalidArgument('before is a sequence number')
}

/** @throws PerdureError `invalid-argument` */
export function assertTime(field: string, time: unknown): void {
  if (time === undefined || isIsoTime(time)) return
  throw invalidArgument(`${field} is a time in ISO 8601, like 2024-03-01T12:00:00Z`)
}

/**
 * Of one moment there is nothing, as the end is exclusive; a range that ends before it begins is a mistake.
 * @throws PerdureError `invalid-argument`
 */
export function assertRange(from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return
  throw invalidArgument(`from ${from} is later than to ${to}: give the earlier one as from`)
}

/** @throws PerdureError `invalid-argument` */
export function assertAuthor(author: string | undefined): void {
  if (author === undefined || (typeof author === 'string' && author.length <= limits.authorCharacters)) return
  throw invalidArgument(`the name of whoever edits or answers is a text of at most ${limits.authorCharacters} characters`)
}

/** @throws PerdureError `invalid-argument` */
export function assertText(value: unknown, field: string): asserts value is string {
  if (typeof value !== 'string') throw invalidArgument(`${field} is a text`)
}
