import { invalidArgument } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import { composed, wellFormed } from '../protocol/well-formed.ts'
import type { ArchivalQuery } from './archival-methods.ts'
import { assertPage, assertRange, assertTime } from './assert-input.ts'

/** The text as the store will have it. @throws PerdureError `invalid-argument` */
export function passageText(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') throw invalidArgument('a passage is a text, and not empty')
  if (text.length <= limits.passageCharacters) return wellFormed(text)
  throw invalidArgument(`a passage has at most ${limits.passageCharacters} characters, and this text has ${text.length}: insert it in parts, or load it as a document`)
}

/** Each once. @throws PerdureError `invalid-argument` */
export function passageTags(tags: unknown): readonly string[] | undefined {
  if (tags === undefined) return undefined
  const usable = Array.isArray(tags) && tags.length <= limits.tags && tags.every((tag) => typeof tag === 'string' && tag.trim() !== '' && tag.length <= limits.tagCharacters)
  if (usable) return [...new Set((tags as readonly string[]).map((tag) => composed(wellFormed(tag))))]
  throw invalidArgument(`tags is a list of at most ${limits.tags} texts of 1 to ${limits.tagCharacters} characters`)
}

/** @throws PerdureError `invalid-argument` */
export function assertSource(source: unknown): void {
  if (source !== undefined && typeof source !== 'string') throw invalidArgument('source is agent, page_out, person, or the name of a document')
}

/** @throws PerdureError `invalid-argument` */
export function assertArchivalQuery(query: ArchivalQuery): void {
  const { text, tags, source, from, to } = query
  assertPage(query)
  if (typeof text !== 'string' || text.trim() === '' || text.length > limits.queryCharacters) throw invalidArgument(`text is what to search for, in 1 to ${limits.queryCharacters} characters`)
  passageTags(tags)
  assertSource(source)
  assertTime('from', from)
  assertTime('to', to)
  assertRange(from, to)
}
