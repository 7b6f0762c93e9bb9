import type { Figures } from './question.ts'

/** Money that an evaluation may cost. What is under way when it is used up is finished and paid for; nothing new is begun. */
export interface Budget {
  spend(figures: Pick<Figures, 'costMicros'>): void
  isUsedUp(): boolean
  /** Dollars. */
  readonly spent: number
}

/** @param dollars undefined: without a limit */
export function budgetOf(dollars: number | undefined): Budget {
  let micros = 0
  return {
    spend: ({ costMicros = 0 }) => {
      micros += costMicros
    },
    isUsedUp: () => dollars !== undefined && micros >= dollars * 1_000_000,
    get spent() {
      return micros / 1_000_000
    },
  }
}
