import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'timers.test.ts'

export const timers: FaultGroup = {
  heading: 'A timer comes due',
  about: 'And nobody is there to take it, or whoever takes it dies.',
  rows: [
    {
      id: 'timer-no-worker',
      fault: 'while no worker runs',
      whatHappens: 'it fires when one does; of one that repeats the latest due time fires, and says how many were missed',
      test: { file, title: 'that comes due while no worker runs fires once when one does; one that repeats says what it missed' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'absences of more than some seconds',
    },
    {
      id: 'timer-thinking',
      fault: 'the worker is killed while the model thinks about it',
      whatHappens: 'the next worker ends its turn; it has one',
      test: { file, title: 'whose worker is killed while the model thinks about it has one turn' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a kill in the moment in which the timer is put into the mailbox',
    },
    {
      id: 'timer-temporal',
      fault: 'while the Temporal server and the worker are down',
      whatHappens: 'it fires when both are back',
      test: { file, title: 'that comes due while the Temporal server is down, and the worker with it, fires when both are back' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a history that is lost: that is shown of a workflow that was terminated, above',
    },
  ],
}
