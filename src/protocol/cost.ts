import { invalidArgument } from './errors.ts'
import type { StepUsage } from './messages.ts'

/** Millionths of a US dollar: what all costs are kept in, as integers. */
export const microsPerDollar = 1_000_000

/** A budget in dollars, as it is kept. @throws PerdureError `invalid-argument` */
export function microsOf(dollars: number): number {
  const micros = Math.round(dollars * microsPerDollar)
  if (Number.isSafeInteger(micros) && micros >= 1) return micros
  throw invalidArgument(`a budget in dollars is at least 0.000001, not ${dollars}`)
}

/** Tokens and what they cost, added up. Carried states of earlier versions lack the cost. */
export interface Spending {
  promptTokens: number
  cachedTokens: number
  completionTokens: number
  /** Micro-dollars of the inferences whose price was known; absent while there was none. */
  costMicros?: number
  /** Inferences and summaries whose price was not known: above 0, `costMicros` is less than what was spent. */
  unpriced?: number
}

/** @param before inferences that went in earlier: if nothing was said of their price, it was not known */
export function addUsage(spending: Spending, usage: StepUsage, before: number): void {
  if (spending.costMicros === undefined && spending.unpriced === undefined && before > 0) spending.unpriced = before
  spending.promptTokens += usage.promptTokens
  spending.cachedTokens += usage.cachedTokens
  spending.completionTokens += usage.completionTokens
  if (usage.costMicros === undefined) spending.unpriced = (spending.unpriced ?? 0) + 1
  else spending.costMicros = (spending.costMicros ?? 0) + usage.costMicros
}

/** Adds what was spent elsewhere. */
export function addSpending(spending: Spending, { promptTokens, cachedTokens, completionTokens, costMicros, unpriced }: Readonly<Spending>): void {
  spending.promptTokens += promptTokens
  spending.cachedTokens += cachedTokens
  spending.completionTokens += completionTokens
  if (costMicros !== undefined) spending.costMicros = (spending.costMicros ?? 0) + costMicros
  if (unpriced !== undefined) spending.unpriced = (spending.unpriced ?? 0) + unpriced
}

/** The figures alone, whatever else stands beside them; what is absent stays absent. */
export function spendingOf({ promptTokens, cachedTokens, completionTokens, costMicros, unpriced }: Readonly<Spending>): Readonly<Spending> {
  return { promptTokens, cachedTokens, completionTokens, ...(costMicros !== undefined && { costMicros }), ...(unpriced !== undefined && { unpriced }) }
}

/** `$0.0123`; `at least $0.0123` or `unknown` where prices were missing; undefined where nothing was spent. */
export function costText({ costMicros, unpriced = 0 }: Pick<Readonly<Spending>, 'costMicros' | 'unpriced'>): string | undefined {
  if (costMicros === undefined) return unpriced > 0 ? 'unknown' : undefined
  return `${unpriced > 0 ? 'at least ' : ''}${dollarsText(costMicros)}`
}

/** At least cents, and as many further digits as there are, to a micro-dollar: `$0.05`, `$1.234567`. */
export function dollarsText(micros: number): string {
  const [whole = '0', part = ''] = (micros / microsPerDollar).toFixed(6).split('.')
  return `$${whole}.${part.replace(/0+$/, '').padEnd(2, '0')}`
}
