import { notAtStake, type FaultGroup } from '../row.ts'

export const client: FaultGroup = {
  heading: 'A client sends again',
  about: 'Under the same event id, which is what a sender does that got no answer.',
  rows: [
    {
      id: 'client-resent-running',
      fault: 'while its turn runs and its worker dies; and after the agent has continued as new and another worker has died',
      whatHappens: 'every sender has the same answer, from one turn; the model is not asked again',
      test: { file: 'resent.test.ts', title: 'has the same answer after its worker was killed and the agent continued as new' },
      stores: 'embedded',
      notProven: 'senders in several processes; more than 20 turns later, when the answer comes from the store',
    },
    {
      id: 'client-resent-accepted',
      fault: 'after `post`, and by a signal, without a worker',
      whatHappens: 'one turn',
      test: { file: 'resent.test.ts', title: 'and was accepted without an answer has one turn only' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'senders in several processes',
    },
  ],
}
