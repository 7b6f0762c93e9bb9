/** What Ctrl-C does where no line is being typed: the console has cleared that one itself. */
export type InterruptMove = 'cancel' | 'warn' | 'leave'

/** A second Ctrl-C that comes later than this is a first one again. */
const againWithinMs = 3_000

/** The first Ctrl-C cancels the turn that runs, or says what a second one does; only the second one leaves. */
export function interruptMoves(): (moment: { readonly busy: boolean; readonly now: number }) => InterruptMove {
  let last: { readonly move: InterruptMove; readonly at: number } | undefined
  return ({ busy, now }) => {
    const again = last !== undefined && (now - last.at <= againWithinMs || (last.move === 'cancel' && busy))
    const move = again ? 'leave' : busy ? 'cancel' : 'warn'
    last = { move, at: now }
    return move
  }
}
