import { notAtStake, type FaultGroup } from '../row.ts'

export const client: FaultGroup = {
  heading: 'A client sends again',
  about: 'A sender that got no answer sends its message again, under the same event id.',
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
    {
      id: 'client-no-worker',
      fault: 'after no worker took it',
      whatHappens: 'it fails with `no-worker` after a minute (in the test two seconds) and says what to do; nothing was accepted, the body is stored; sent again, it has one turn',
      test: { file: 'stopped-no-worker.test.ts', title: 'a message that no worker takes fails with a word for it, is kept, and has one turn when it is sent again' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a turn that was accepted before its workers went away: its sender waits for as long as the turn takes, or until it stops waiting by its signal',
    },
    {
      id: 'client-body-due',
      fault: 'after it was killed before the body was stored',
      whatHappens: 'nothing was sent; one turn',
      test: { file: 'stopped-client.test.ts', title: 'before the body is stored has sent nothing; sent again, the message has one turn' },
      stores: 'embedded',
      notProven: 'a program that does not keep what it is about to send: the chat does, in its outbox (`test/cli/killed-chat.test.ts`)',
    },
    {
      id: 'client-body-stored',
      fault: 'after it was killed between storing the body and telling the workflow',
      whatHappens: 'nothing was accepted; one turn',
      test: { file: 'stopped-client.test.ts', title: 'between the body and the word of it has sent nothing; sent again, the message has one turn' },
      stores: 'embedded',
      notProven: 'a message that is never sent again: a worker gives it to the agent within a minute',
    },
    {
      id: 'client-waiting',
      fault: 'after it was killed while it waited',
      whatHappens: 'the turn goes on; whoever sends again has its answer, and the model is not asked again',
      test: { file: 'stopped-client.test.ts', title: 'while it waits is not missed: the turn goes on, and who sends again has its answer' },
      stores: 'embedded',
      notProven: 'a client killed between the acceptance and its own knowledge of it, which looks the same from outside',
    },
  ],
}
