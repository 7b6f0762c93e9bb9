import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'temporal-killed.test.ts'

export const temporal: FaultGroup = {
  heading: 'The Temporal server is killed',
  about: 'One server of the development kind on a SQLite file, started again on the same file and port.',
  rows: [
    {
      id: 'temporal-thinking',
      fault: 'the model thinks, a client waits',
      whatHappens: 'the client has its answer after the restart; the model is asked once',
      test: { file, title: 'keeps nobody from the answer: who waits has it after the restart, and the model is asked once' },
      stores: 'embedded',
      notProven: 'an outage of a minute or more, after which the client gives up waiting',
    },
    {
      id: 'temporal-and-worker',
      fault: 'the worker dies at the same time',
      whatHappens: 'both come back, the turn goes on; the effect before is not repeated',
      test: { file, title: 'and the worker with it: both come back, and the turn goes on where it was' },
      stores: 'embedded',
      notProven: "loss of power, or of the server's disk",
    },
    {
      id: 'temporal-accepted',
      fault: 'three messages were accepted, a fourth is being sent',
      whatHappens: 'all four are handled, in order',
      test: { file, title: 'loses no message accepted before, and takes the next ones after' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a cluster, or Temporal on another database',
    },
  ],
}
