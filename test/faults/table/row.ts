/** What a fault of this table is about: one column each. */
export const columns = {
  messages: 'messages accepted: lost / doubled',
  effects: 'tool effects: lost / doubled',
  results: 'calls without their result',
  order: 'order kept',
  usable: 'usable afterwards without a person',
} as const

export type Column = keyof typeof columns

/** What every row holds unless it says otherwise; the audit of its test judges each of them. */
export const held: Readonly<Record<Column, string>> = { messages: '0 / 0', effects: '0 / 0', results: '0', order: 'yes', usable: 'yes' }

/** Where a test had nothing of the kind at stake. */
export const notAtStake = '–'

/** One fault, and the test that shows what it does. */
export interface FaultRow {
  /** Of the measurement and of what else refers to it: kebab-case, unique in the whole table. */
  readonly id: string
  /** What is hit, and when: a short phrase that tells rows of one group apart. */
  readonly fault: string
  readonly whatHappens: string
  /** File, seen from `test/faults`; the test's title without the ids at its end. */
  readonly test: { readonly file: string; readonly title: string }
  readonly stores: 'embedded' | 'servers' | 'both' | 'none'
  /** Exceptions to `held`. */
  readonly cells?: Partial<Readonly<Record<Column, string>>>
  readonly notProven: string
}

export interface FaultGroup {
  readonly heading: string
  /** What is true of all its rows: one paragraph of Markdown. */
  readonly about: string
  /** Whether its tests run with a worker that stands by as well; then there are two times to recover. */
  readonly standingBy?: true
  readonly rows: readonly FaultRow[]
}
