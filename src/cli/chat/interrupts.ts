import type { Work } from './chat.ts'
import { isSameWork } from './work.ts'

/** What Ctrl-C does where no line is being typed: the console has cleared that one itself. */
export type InterruptMove = { readonly type: 'cancel'; readonly work: Work } | { readonly type: 'warn' } | { readonly type: 'leave' }

/** A second Ctrl-C that comes later than this, with nothing at work, is a first one again. */
const againWithinMs = 3_000

/** The first Ctrl-C cancels what is at work, or says what a second one does; only the second one leaves. What is at work now and was not then has had none. */
export function interruptMoves(): (moment: { readonly work: Work | undefined; readonly now: number }) => InterruptMove {
  let last: { readonly work: Work | undefined; readonly at: number } | undefined
  return ({ work, now }) => {
    const again = last !== undefined && (work === undefined ? now - last.at <= againWithinMs : isSameWork(last.work, work))
    last = { work, at: now }
    if (again) return { type: 'leave' }
    return work === undefined ? { type: 'warn' } : { type: 'cancel', work }
  }
}
