import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'waiting.test.ts'

export const waiting: FaultGroup = {
  heading: 'Something dies while a call waits for a person',
  about: 'A tool that may not run twice needs approval. The answer of a person is first stored, and then told to the workflow; the first answer that the workflow hears stands.',
  rows: [
    {
      id: 'waiting-parked',
      fault: 'the worker, while the call waits',
      whatHappens: 'it waits on; approved, it runs once; the model is not asked again for the step',
      test: { file, title: 'still waits when its worker was killed, and runs once when it is approved' },
      stores: 'embedded',
      notProven: 'a wait of days; a call that runs at the caller waits in the same way',
    },
    {
      id: 'waiting-deposited',
      fault: 'whoever answers, between storing the answer and telling it; and the worker',
      whatHappens: 'the call waits on; the next answer that the workflow hears counts, even if it differs from the stored one',
      test: { file, title: 'whose answer was deposited and not told waits on; the next answer counts' },
      stores: 'embedded',
      notProven: 'a client that really dies at that moment: the test stores the answer itself',
    },
    {
      id: 'waiting-no-worker',
      fault: 'no worker runs when a person approves',
      whatHappens: 'the approval waits for the next worker, which runs the call once',
      test: { file, title: 'approved while no worker runs is run by the next one' },
      stores: 'embedded',
      notProven: 'an approval whose client gives up before a worker is there: it may have to be given again, which changes nothing',
    },
    {
      id: 'waiting-tool-begun',
      fault: 'the worker, after the approval and before the tool',
      whatHappens: 'the next worker runs it, once',
      test: { file, title: 'runs once though its worker dies before the tool' },
      stores: 'embedded',
      notProven: 'a worker that dies between two of several approved calls',
    },
    {
      id: 'waiting-tool-run',
      fault: 'the worker, when the tool has run and its outcome is not reported',
      whatHappens: 'the outcome in the ledger counts; the effect happens once',
      test: { file, title: 'runs once though its worker dies after the tool' },
      stores: 'embedded',
      notProven: 'a worker that dies between the effect and the ledger: that is the row of a tool in its middle',
    },
    {
      id: 'waiting-settled',
      fault: 'the worker, when all results are recorded and not reported',
      whatHappens: 'each call keeps its one result',
      test: { file, title: 'runs once though its worker dies after the results' },
      stores: 'embedded',
      notProven: 'a kill between two results of one step',
    },
    {
      id: 'waiting-in-tool',
      fault: 'the worker, in the middle of the approved tool',
      whatHappens: 'it is not run again; the model reads "outcome unknown" and goes on',
      test: { file, title: 'and is killed in the middle of its tool is not run again: the model reads "outcome unknown"' },
      stores: 'embedded',
      notProven: 'whether the effect happened, which nobody knows',
    },
    {
      id: 'waiting-all-down',
      fault: 'the worker and Temporal together, for five seconds, while the call waits',
      whatHappens: 'it waits on; approved, it runs once',
      test: { file, title: 'a call waits as long as it takes, and goes on where it was' },
      stores: 'embedded',
      notProven: 'an outage of days; the length of a wait matters only to its deadline',
    },
    {
      id: 'waiting-deadline-down',
      fault: 'the worker and Temporal together, until the deadline of the answer has passed',
      whatHappens: 'when they are back the result says that nobody approved, the turn goes on, and an answer is refused as too late',
      test: { file, title: 'a deadline that passes ends the waiting when they are back: the call is not run, and an answer comes too late' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'clocks that jump: the deadline goes by the clock of Temporal',
    },
  ],
}
