import { queryWordsOf, wordsOf } from '../../words/words.ts'

/** Words to look for in one search. What a model asks has a few; this bounds the work of a page pasted as a query. */
const maxQueryWords = 64

/** The tokenizer would split a term at the sign that later keys have; neither a name nor a word has a colon. */
const termOf = (agentId: string, word: string): string => `${agentId.replace('~', ':')}:${word}`

/** The terms of a text in the word index. */
export const termsOf = (agentId: string, text: string): string => wordsOf(text).map((word) => termOf(agentId, word)).join(' ')

/** The FTS5 expression "any of these words of this agent"; `undefined` where there is no word to look for. */
export function matchOf(agentId: string, query: string): string | undefined {
  const words = queryWordsOf(query).slice(0, maxQueryWords)
  // In quotes a term is never read as an operator. Words hold no quotes.
  return words.length === 0 ? undefined : words.map((word) => `"${termOf(agentId, word)}"`).join(' OR ')
}
