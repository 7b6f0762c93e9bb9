import { elementCallAt, opensElementCall } from './element-calls.ts'
import { functionTagAt, opensFunctionTag } from './function-tag.ts'
import { gemmaCallAt, opensGemmaCall } from './gemma-call.ts'
import { headAt } from './heads.ts'
import { keywordCallsAt, opensKeywordCalls } from './keyword-calls.ts'
import type { Found, MarkedText } from './marked-text.ts'
import { matchAt } from './match-at.ts'

/**
 * The calls of a model's own form that is whole at this place. Of forms whose marks might be words of a text, only calls of tools that are offered are calls.
 * Forms that are a name before JSON are found by `headAt`.
 */
export const markedCallsAt = (marked: MarkedText, at: number): Found | undefined =>
  functionTagAt(marked, at) ?? elementCallAt(marked, at) ?? gemmaCallAt(marked, at) ?? keywordCallsAt(marked, at)

/** How all forms begin, a name before JSON too. */
const beginning = /<(?:function[=_ ]|invoke name=|tool_(?:call|use)>|longcat_tool_call>|start_function_call>|\|(?:tool_call|from\|)|｜(?:DSML|tool))|\[(?:TOOL_CALLS\]|[A-Za-z_][\w.]{0,63}\()|>>>|Action:|```tool_code/y

/** Whether a form may begin here, told at little cost. */
export const mayBeginMark = (text: string, at: number): boolean => matchAt(beginning, text, at) !== undefined

export const opensMarkedCall = (text: string, at: number): boolean =>
  mayBeginMark(text, at) &&
  (headAt(text, at) !== undefined || opensFunctionTag(text, at) || opensElementCall(text, at) || opensGemmaCall(text, at) || opensKeywordCalls(text, at))
