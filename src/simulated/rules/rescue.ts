import { withHeartbeat, type Rule } from '../move.ts'
import { isRefused } from '../situation.ts'

/**
 * If core memory did not take a fact, because a block is full or a line is not there, the fact goes into archival memory instead. A fact
 * that a person has refused goes nowhere.
 */
export const rescue: Rule = ({ calls, view }) => {
  if (!view.toolNames.has('archival_memory_insert') || calls.some((call) => call.name === 'archival_memory_insert')) return undefined
  const lost = calls
    .filter((call) => call.ok === false && call.name.startsWith('core_memory_') && !isRefused(call))
    .map((call) => call.args.content ?? call.args.new_content)
    .filter((content) => typeof content === 'string')
  if (lost.length === 0) return undefined
  return {
    thoughts: 'My core memory did not take that; archival memory will.',
    calls: [withHeartbeat('archival_memory_insert', { content: lost.join('\n') })],
  }
}
