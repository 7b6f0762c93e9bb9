import { withHeartbeat, type Rule } from '../move.ts'
import { isRefused } from '../situation.ts'

/**
 * A fact that core memory did not take, because a block is full or a line is not there, goes into archival memory instead. One that a
 * person has refused does not.
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
