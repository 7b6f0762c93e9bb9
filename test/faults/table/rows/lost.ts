import { notAtStake, type FaultGroup } from '../row.ts'

const file = '../workflows/recovered.test.ts'
const lostTitle = 'ends that turn and has those of all messages that wait, by itself, in their order'
const resetTitle = 'loses nothing and repeats nothing (what came after taken over: %s)'

export const lost: FaultGroup = {
  heading: "An operator's buttons, and a Temporal database that is lost",
  about:
    'The stores alone are enough. Each worker looks every 15 seconds for agents that have had something to do for longer than that: an event whose turn has not ended, a timer that is due. Where such an agent has no workflow it starts one; where the workflow does not know of the event it tells it to read the stores. `perdure recover` does the same at once, and so does the next message to the agent.',
  rows: [
    {
      id: 'workflow-terminated',
      fault: 'terminate, in the middle of a turn, two messages wait',
      whatHappens: 'a new workflow ends the turn and has the others, in their order; an inference that is stored is not paid for again',
      test: { file, title: lostTitle },
      stores: 'both',
      cells: { effects: notAtStake },
      notProven: 'that an inference which was under way is not paid for twice: it is',
    },
    {
      id: 'workflow-deleted',
      fault: 'delete, in the middle of a turn, two messages wait',
      whatHappens: 'as with terminate',
      test: { file, title: lostTitle },
      stores: 'both',
      cells: { effects: notAtStake },
      notProven: 'that an inference which was under way is not paid for twice: it is',
    },
    {
      id: 'workflow-lost-stored',
      fault: 'terminate, after an inference whose calls are recorded',
      whatHappens: 'the turn goes on with its next step; its replies are delivered once, its edits stand once',
      test: { file, title: 'does not pay again for an inference that is stored, and delivers its replies once' },
      stores: 'both',
      notProven: 'what only the workflow knew: how many identical or malformed steps came in a row is counted from nought',
    },
    {
      id: 'workflow-lost-waiting',
      fault: 'terminate, while calls wait for approvals of which one was given',
      whatHappens: 'the calls that were not answered wait on, with their time from the beginning; the approval that was given counts',
      test: { file, title: 'goes on waiting for its approvals, and knows those that were given' },
      stores: 'both',
      notProven: 'an approval by the `temporal` command line, which has no store: it is to be given again',
    },
    {
      id: 'workflow-cancelled',
      fault: 'request cancellation, in the middle of a turn; and again, while nothing runs',
      whatHappens: 'the turn is cancelled, and the agent lives on in a new run',
      test: { file, title: 'has its turn cancelled, and lives on' },
      stores: 'both',
      cells: { effects: notAtStake },
      notProven: 'a cancellation while a compaction runs between two turns: it is ended first',
    },
    {
      id: 'workflow-lost-timers',
      fault: 'terminate, while timers wait',
      whatHappens: 'they fire when they are due, once each; one that was taken away stays away',
      test: { file, title: 'are known to the next one, and fire' },
      stores: 'both',
      cells: { effects: notAtStake },
      notProven: 'a timer that was set while its store was away, until a turn of a timer has ended',
    },
    {
      id: 'workflow-reset',
      fault: 'reset, with and without what came after',
      whatHappens: 'the turns that were had are found in the stores and not had again; numbers go on from the highest',
      test: { file, title: resetTitle },
      stores: 'both',
      cells: { effects: notAtStake },
      notProven: 'a reset to a point at which a turn waited for an approval',
    },
    {
      id: 'temporal-emptied',
      fault: "Temporal's database is emptied under fifty agents in the middle of turns",
      whatHappens: 'the workers register the search attributes and start all agents anew; each message has its one turn and its answer',
      test: {
        file: 'temporal-emptied.test.ts',
        title: 'a Temporal database that is emptied under fifty agents in the middle of turns loses nothing: within a minute each message has its one turn and its answer',
      },
      stores: 'embedded',
      notProven: 'loading documents: a load that was under way is to be asked for again',
    },
  ],
}
