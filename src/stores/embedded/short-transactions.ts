import { setImmediate as afterOthers, setTimeout as sleep } from 'node:timers/promises'
import type { WhileBusy } from './busy.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** How long one transaction goes on with further items: what else this process has to do waits for it, and so do other processes. Milliseconds. */
const transactionMs = 10

/**
 * Writes many items in as many transactions as keep each of them short; between two of them the event loop has its turn. An item is stored
 * whole or not at all. What fails or dies half-way has stored the first of them: all of it is to be repeated, and an item has to bear that.
 * @param begin is called first in each transaction, and gives what writes an item in it
 */
export async function inShortTransactions<Item>(
  database: EmbeddedDatabase,
  whileBusy: WhileBusy,
  { items, begin }: { readonly items: readonly Item[]; readonly begin: () => (item: Item, index: number) => void },
): Promise<void> {
  for (let first = 0; first < items.length; ) {
    if (first > 0) await afterOthers()
    first = await whileBusy(() =>
      database.transaction(() => {
        const end = performance.now() + transactionMs
        const write = begin()
        let next = first
        for (const item of items.slice(first)) {
          write(item, next)
          next += 1
          if (performance.now() >= end) break
        }
        return next
      }),
    )
  }
}

/** Calls a function that removes some rows in one transaction, and says how many, until there are none left. */
export async function untilNoneIsLeft(whileBusy: WhileBusy, removeSome: () => number): Promise<void> {
  while ((await whileBusy(removeSome)) > 0) await afterOthers()
}

/** Does a little, and says whether there may be more of it to do. */
export type Step = () => boolean

/**
 * Takes each of the steps until it has nothing more to do, in as many transactions as keep each of them short. Between two of them the file is
 * left alone for as long as it was held: another process that waits for it tries now and then, and would hardly ever meet a shorter gap.
 */
export async function inShortSteps(database: EmbeddedDatabase, whileBusy: WhileBusy, steps: readonly Step[]): Promise<void> {
  for (let first = 0; first < steps.length; ) {
    let heldSince = 0
    first = await whileBusy(() => {
      heldSince = performance.now()
      return database.transaction(() => {
        let next = first
        for (const step of steps.slice(first)) {
          while (step()) if (performance.now() - heldSince >= transactionMs) return next
          next += 1
        }
        return next
      })
    })
    if (first < steps.length) await sleep(performance.now() - heldSince)
  }
}
