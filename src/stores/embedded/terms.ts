import { formsOf, questionsOf, queryWordsOf, wordsOf } from '../../words/words.ts'

/** Words to look for in one search. What a model asks has a few; this bounds the work of a page pasted as a query. */
const maxQueryWords = 64

/** The tokenizer would split a term at the sign that later keys have; neither a name nor a word has a colon. */
const termOf = (agentId: string, word: string): string => `${agentId.replace('~', ':')}:${word}`

/** The terms of a passage in the word index. */
export const termsOf = (agentId: string, text: string): string => wordsOf(text).map((word) => termOf(agentId, word)).join(' ')

/** The terms of a message. */
export const messageTermsOf = (agentId: string, text: string): string => formsOf(text).map((form) => termOf(agentId, form)).join(' ')

// In quotes a term is never read as an operator. Words hold no quotes.
const quoted = (agentId: string, word: string): string => `"${termOf(agentId, word)}"`

/** A word of a question and its stem, as FTS5 expressions of one term of this agent each. */
export interface Match {
  readonly word: string
  readonly stem?: string
}

/** What a query asks of messages, one question after the other until one finds something. */
export function matchesOf(agentId: string, query: string): readonly (readonly Match[])[] {
  return questionsOf(query).map((words) =>
    words.slice(0, maxQueryWords).map(({ word, stem }) => ({ word: quoted(agentId, word), ...(stem !== undefined && { stem: quoted(agentId, stem) }) })),
  )
}

/** The words that are asked for of passages, as FTS5 expressions of one term of this agent each. */
export const queryTermsOf = (agentId: string, query: string): readonly string[] => queryWordsOf(query).slice(0, maxQueryWords).map((word) => quoted(agentId, word))

/** The FTS5 expression "any of these words of this agent"; `undefined` where there is no word to look for. */
export function matchOf(agentId: string, query: string): string | undefined {
  const terms = queryTermsOf(agentId, query)
  return terms.length === 0 ? undefined : terms.join(' OR ')
}
