import { elementCallAt, opensElementCall } from './element-calls.ts'
import { functionTagAt, opensFunctionTag } from './function-tag.ts'
import { gemmaCallAt, opensGemmaCall } from './gemma-call.ts'
import { headAt } from './heads.ts'
import { keywordCallsAt, opensKeywordCalls } from './keyword-calls.ts'
import type { Found, MarkedText } from './marked-text.ts'

/**
 * The calls of a model's own form that is whole at this place. Of forms whose marks might be words of a text, only calls of tools that are offered are calls.
 * Forms that are a name before JSON are found by `headAt`.
 */
export const markedCallsAt = (marked: MarkedText, at: number): Found | undefined =>
  functionTagAt(marked, at) ?? elementCallAt(marked, at) ?? gemmaCallAt(marked, at) ?? keywordCallsAt(marked, at)

export const opensMarkedCall = (text: string, at: number): boolean =>
  headAt(text, at) !== undefined || opensFunctionTag(text, at) || opensElementCall(text, at) || opensGemmaCall(text, at) || opensKeywordCalls(text, at)
