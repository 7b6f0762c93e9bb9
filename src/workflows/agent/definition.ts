import type { ControlSettings, DefinitionInForce } from '../../protocol/definition.ts'
import type { AgentState } from '../../protocol/state.ts'
import type { TurnReason } from '../../protocol/turn.ts'
import { forgetWindow } from './pressure.ts'
import { spentUp } from './spending.ts'

/**
 * From now on this version is in force: prompts are built from it. A prompt that does not fit a smaller window is compacted before the next
 * step. True if the agent was parked for a reason that may be gone by the change, so that it is to try again.
 */
export function putInForce(state: AgentState, { version, settings, asksOtherwise }: DefinitionInForce): boolean {
  const before = state.settings
  state.settings = settings
  state.definition = version
  if (before.model !== settings.model || before.contextWindow !== settings.contextWindow) forgetWindow(state)
  return state.parked !== undefined && mayHelp(state, state.parked.reason, { before, asksOtherwise: asksOtherwise === true })
}

/** For an activity that tells the version in force, and whether what has parked the agent may be gone by it. */
export const inForceOfParked = ({ parked, definition = 1 }: AgentState): { readonly inForce?: number } => (parked === undefined ? {} : { inForce: definition })

/** What waits for a person's answer, or for its stores, is not let go on by a change. */
function mayHelp(state: AgentState, reason: TurnReason, { before, asksOtherwise }: { readonly before: ControlSettings; readonly asksOtherwise: boolean }): boolean {
  switch (reason) {
    case 'model-refused':
    case 'model-error':
      return asksOtherwise || before.model !== state.settings.model
    case 'model-unreachable':
      return before.model !== state.settings.model
    case 'agent-budget':
      return spentUp(state) === undefined
    case 'price-unknown':
    case 'context-overflow':
    case 'activity-failed':
      return true
    default:
      return false
  }
}
