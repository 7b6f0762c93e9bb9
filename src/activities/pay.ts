import { ApplicationFailure } from '@temporalio/activity'
import { priceOf, withCost } from '../model/prices.ts'
import type { StepUsage } from '../protocol/messages.ts'
import type { TurnReason } from '../protocol/turn.ts'
import type { ActivityDependencies } from './dependencies.ts'

/**
 * A budget in dollars cannot be kept with a model of unknown price, so that model is not asked at all.
 * @throws ApplicationFailure, not retryable: the agent parks, and a person sets the price or takes the budget away
 */
export function assertPriced({ prices }: Pick<ActivityDependencies, 'prices'>, model: string, { priced }: { readonly priced?: true }): void {
  if (priced !== true || priceOf(prices, model) !== undefined) return
  const reason: TurnReason = 'price-unknown'
  throw ApplicationFailure.nonRetryable(
    `there is a budget in dollars, and the price of ${model} is not known: start the worker with PERDURE_PRICES=${model}=input/cached/output, or remove the budget; then resume`,
    reason,
  )
}

export function paid({ prices }: Pick<ActivityDependencies, 'prices'>, model: string, usage: StepUsage): StepUsage {
  return withCost(usage, priceOf(prices, model))
}
