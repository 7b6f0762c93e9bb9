import { queryWordsOf, wordsOf } from '../../words/words.ts'

/** Words to look for in one search. What a model asks has a few; this bounds the work of a page pasted as a query. */
const maxQueryWords = 64

/** The tokenizer would split a term at the sign that later keys have; neither a name nor a word has a colon. */
const termOf = (agentId: string, word: string): string => `${agentId.replace('~', ':')}:${word}`

/** The terms of a text in the word index. */
export const termsOf = (agentId: string, text: string): string => wordsOf(text).map((word) => termOf(agentId, word)).join(' ')

/** What a query asks for, as FTS5 expressions of one term of this agent each. */
export function matchesOf(agentId: string, query: string): readonly string[] {
  // In quotes a term is never read as an operator. Words hold no quotes.
  return queryWordsOf(query).slice(0, maxQueryWords).map((word) => `"${termOf(agentId, word)}"`)
}

/** The FTS5 expression "any of these words of this agent"; `undefined` where there is no word to look for. */
export function matchOf(agentId: string, query: string): string | undefined {
  const matches = matchesOf(agentId, query)
  return matches.length === 0 ? undefined : matches.join(' OR ')
}
