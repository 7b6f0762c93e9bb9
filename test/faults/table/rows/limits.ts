import { notAtStake, type FaultGroup } from '../row.ts'

const file = '../workflows/updates.test.ts'
const ofFullRuns = '../workflows/faults/full-run.test.ts'
const noEffects = { effects: notAtStake }

export const limits: FaultGroup = {
  heading: "Temporal's limits",
  about:
    "Temporal lets one run of a workflow have 10 updates that are unanswered, and 2,000 in all. No update is kept waiting for a turn by a client, a run ends after 300 updates as soon as it can, and cancels and answers get through to the end. The tests leave Temporal's limits as they come.",
  rows: [
    {
      id: 'limits-senders',
      fault: '15, and 50, senders wait at once for the turns of one agent',
      whatHappens: 'each gets the end of its own turn',
      test: { file, title: 'are %i at once, and each has its own' },
      stores: 'both',
      cells: noEffects,
      notProven: 'more senders than that, and in several processes',
    },
    {
      id: 'limits-urgent',
      fault: 'ten senders wait for the end of a turn that waits for an approval',
      whatHappens: 'the approval gets through, and so does a cancel',
      test: { file, title: 'for its end, ten of them, keep neither an approval nor a cancel out' },
      stores: 'both',
      notProven: 'senders in several processes',
    },
    {
      id: 'limits-idle',
      fault: 'more than 2,000 updates of an agent that is idle',
      whatHappens: 'it takes more: its runs end in time',
      test: { file: ofFullRuns, title: 'while it was idle takes more, as its runs end in time' },
      stores: 'both',
      cells: { effects: notAtStake, results: notAtStake },
      notProven: 'updates faster than a worker takes them',
    },
    {
      id: 'limits-idle-signals',
      fault: 'hundreds of signals to an agent that is idle which leave it nothing to do: messages that it has had, and names that it does not know',
      whatHappens: 'it goes on in new runs, long before the ten thousand signals that Temporal takes of one',
      test: { file: ofFullRuns, title: 'or signals, while it was idle, that left it nothing to do, goes on in a new run in time' },
      stores: 'both',
      cells: { effects: notAtStake, results: notAtStake },
      notProven: 'ten thousand of them during one long step: messages by signal are refused then until it ends',
    },
    {
      id: 'limits-step',
      fault: 'more messages than 2,000 during one long step',
      whatHappens: 'all keep their order, a cancel gets through, and the agent goes on; beyond 1,000 they come as signals',
      test: { file: ofFullRuns, title: 'during one long step keeps all messages in their order, takes a cancel, and goes on' },
      stores: 'both',
      cells: noEffects,
      notProven: 'more than a mailbox holds (5,000): those are refused with `mailbox-full`',
    },
    {
      id: 'limits-renewed',
      fault: 'somebody tells an agent thirty times a second to go on in a new run, or cancels its workflow as often',
      whatHappens: 'each run does a piece of work before it ends, so that messages have their turns; a cancel may meet the turn itself',
      test: { file: ofFullRuns, title: 'comes to its messages all the same: %s' },
      stores: 'both',
      cells: noEffects,
      notProven: 'how long a message waits then: for each run a new one begins a second after it at the soonest',
    },
    {
      id: 'limits-commands',
      fault: 'commands are given as quickly as Temporal takes them',
      whatHappens: 'messages have their turns between them',
      test: { file: ofFullRuns, title: 'an agent to which commands are given as quickly as Temporal takes them comes to its messages all the same' },
      stores: 'both',
      cells: noEffects,
      notProven: 'that after 25 commands in a row a step of a turn comes first, as the code has it: no test could give them so that one always waits, nor with slow stores; an agent of a worker of an earlier version, where they go before every message',
    },
  ],
}
