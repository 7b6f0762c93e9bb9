import type { FaultGroup } from '../row.ts'

export const clock: FaultGroup = {
  heading: 'A clock jumps',
  about:
    "The wall clock of a worker; Temporal's own goes on. The agent's decisions, waits, timers and figures of turns go by Temporal's clock, and its messages stand in the order of their " +
    'numbers. Dated by a worker are assistant messages, results, block versions, passages, summaries and checkpoints (`at`), and so is what a search by date finds of them; events are ' +
    "dated by Temporal. A provider's wish to wait until a date is reckoned by the worker's clock, one in seconds is not.",
  rows: [
    {
      id: 'clock-jumps',
      fault: 'a day ahead, then two back, in the middle of a turn',
      whatHappens: "order, waits, latencies and a failed inference's second try are as always; dates of what the worker wrote are off by the jump",
      test: { file: 'clock-jumps.test.ts', title: 'a day ahead and then two back, in the middle of a turn, changes no order, no wait and no figure' },
      stores: 'embedded',
      notProven: "the clock of the whole machine, by which Temporal's own library and server go too; here `Date` is shifted in the worker's JavaScript",
    },
  ],
}
