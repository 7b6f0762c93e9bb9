import { formsOf, questionsOf, queryFormsOf, type QueryWord } from '../../words/words.ts'
import { maxQueryWords } from '../relevance.ts'

/** The tokenizer would split a term at the signs of later keys, and of those of tenants; neither a name nor a word has a colon. */
const termOf = (agentId: string, word: string): string => `${agentId.replaceAll(/[~.]/gu, ':')}:${word}`

/** The terms of a message or a passage in its word index. */
export const termsOf = (agentId: string, text: string): string => formsOf(text).map((form) => termOf(agentId, form)).join(' ')

// In quotes a term is never read as an operator. Words hold no quotes.
const quoted = (agentId: string, word: string): string => `"${termOf(agentId, word)}"`

/** A word of a question and its stem, as FTS5 expressions of one term of this agent each. */
export interface Match {
  readonly word: string
  readonly stem?: string
}

const matchesIn = (agentId: string, words: readonly QueryWord[]): readonly Match[] =>
  words.slice(0, maxQueryWords).map(({ word, stem }) => ({ word: quoted(agentId, word), ...(stem !== undefined && { stem: quoted(agentId, stem) }) }))

/** What a query asks of messages, one question after the other until one finds something. */
export const matchesOf = (agentId: string, query: string): readonly (readonly Match[])[] => questionsOf(query).map((words) => matchesIn(agentId, words))

/** What it asks of passages. */
export const passageMatchesOf = (agentId: string, query: string): readonly Match[] => matchesIn(agentId, queryFormsOf(query))
