import type { ChatModel } from '../../../src/model/model.ts'
import { searchPagesOf } from '../../../src/simulated/hits.ts'
import { rulesModel, say, type RuleCall } from '../../harness/rules-model.ts'
import { markIn } from './data.ts'

/** Pages after which even the patient give up. */
const mostPages = 12
const unknown = 'I found no mark.'

/** Ways of reading the results of a search, as rules. */
export const policies = {
  'rules: page until it is found': reader(mostPages),
  'rules: first page only': reader(1),
} as const satisfies Readonly<Record<string, ChatModel>>

function reader(pages: number): ChatModel {
  return rulesModel(({ unanswered, calls }): RuleCall | undefined => {
    if (unanswered === undefined) return undefined
    const read = searchPagesOf(calls)
    const last = read.at(-1)
    if (last === undefined) return search(queryIn(unanswered.text), 1)
    const mark = last.hits.map(({ text }) => markIn(text)).find((found) => found !== undefined)
    if (mark !== undefined) return say(mark)
    return last.page < Math.min(pages, last.pages) ? search(queryIn(unanswered.text), last.page + 1) : say(unknown)
  })
}

/** The words of the question that say what it is about. */
function queryIn(question: string): string {
  return question.replace(/^What is the|of the|according to|[?,]/g, ' ').replaceAll(/\s+/g, ' ').trim()
}

const search = (query: string, page: number): RuleCall => ['archival_memory_search', { query, page, request_heartbeat: true }]

/** Reads what stands in its window, once. */
export const readsWindow: ChatModel = {
  complete: async ({ messages }) => ({ text: markIn(messages.map(({ content }) => content).join('\n')) ?? unknown, toolCalls: [], finishReason: 'stop' }),
}
