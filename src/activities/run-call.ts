import { isAwayForNow, messageOf, PerdureError } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import { beginningOf, wellFormed } from '../protocol/well-formed.ts'
import type { ToolOutcome } from '../stores/claims.ts'
import type { Tool, ToolContext, ToolReturn } from '../tools/tool.ts'

/** Runs a tool whose arguments were parsed. What it throws is the caller's to judge. */
export async function runCall(tool: Tool, args: Record<string, unknown>, context: ToolContext): Promise<ToolOutcome> {
  const returned: unknown = await tool.run(args, context)
  if (!isReturn(returned)) {
    const kind = returned === null ? 'null' : typeof returned
    return { ok: false, text: `${tool.name} has run, but what it returned (${kind}) is no text, nor { text, reply }. Find out what it has done before you repeat it.` }
  }
  const { text, reply }: Exclude<ToolReturn, string> = typeof returned === 'string' ? { text: returned } : returned
  return { ok: true, text: boundedResult(text), ...(reply !== undefined && { reply: wellFormed(reply) }) }
}

/** Tools come from programs that nobody may have compiled. */
function isReturn(returned: unknown): returned is ToolReturn {
  if (typeof returned === 'string') return true
  const { text, reply } = (returned ?? {}) as Record<string, unknown>
  return typeof text === 'string' && (reply === undefined || typeof reply === 'string')
}

export function failed(error: unknown): ToolOutcome {
  return { ok: false, text: boundedResult(messageOf(error)) }
}

/** An error of ours is about the arguments, and stays the same however often the call is tried; a store that is away comes back. */
export function isOurs(error: unknown): boolean {
  return PerdureError.isInstance(error) && !isAwayForNow(error)
}

/** The part of a long result that the model sees. */
export function boundedResult(text: string): string {
  const most = limits.toolResultCharacters
  return text.length <= most ? wellFormed(text) : `${wellFormed(beginningOf(text, most))}… [cut here: the result had ${text.length} characters; ask for less at a time]`
}
