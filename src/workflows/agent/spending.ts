import { overAgentBudget } from '../../protocol/budget.ts'
import { addUsage } from '../../protocol/cost.ts'
import type { ControlSettings } from '../../protocol/definition.ts'
import type { StepUsage } from '../../protocol/messages.ts'
import type { AgentState, RunningTurn } from '../../protocol/state.ts'

/** Puts an inference, or a summary, down to the agent and to the turn that it was made in. To be called before it is counted as a step. */
export function spend(state: AgentState, turn: RunningTurn | undefined, usage: StepUsage): void {
  addUsage(state.counters, usage, state.counters.steps)
  if (turn !== undefined) addUsage(turn, usage, turn.step - 1)
}

/** For the activities: with a budget in dollars, no model may be asked whose price is not known. */
export function pricedOnly({ budget, agentBudget }: ControlSettings): { readonly priced?: true } {
  return budget.costMicros !== undefined || agentBudget?.costMicros !== undefined ? { priced: true } : {}
}

/** Why no further step, or summary, may be begun. A step that has its inference already is paid for, and goes on. */
export function spentUp({ counters, settings, running }: AgentState): string | undefined {
  return running?.waiting === undefined ? overAgentBudget(counters, settings.agentBudget) : undefined
}
