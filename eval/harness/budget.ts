import type { Figures } from './kind.ts'

/** Money that an evaluation may cost. What is under way when it is used up is finished and paid for; nothing new is begun. */
export interface Budget {
  spend(figures: Figures): void
  isUsedUp(): boolean
  /** Dollars. */
  readonly spent: number
}

export interface Price {
  /** Dollars for a million tokens. */
  readonly input: number
  readonly output: number
}

/** @param dollars undefined: without a limit */
export function budgetOf(dollars: number | undefined, price: Price | undefined): Budget {
  let spent = 0
  return {
    spend: ({ promptTokens, completionTokens }) => {
      if (price !== undefined) spent += (promptTokens * price.input + completionTokens * price.output) / 1_000_000
    },
    isUsedUp: () => dollars !== undefined && spent >= dollars,
    get spent() {
      return spent
    },
  }
}
