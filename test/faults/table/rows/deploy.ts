import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'deploy.test.ts'

export const deploy: FaultGroup = {
  heading: 'A new version is deployed',
  about:
    'Version 2 is made by the test of a copy of the sources whose loop does one thing more at the beginning of each turn, behind `patched`. Version 1 is killed in the middle of a turn that has had its effect.',
  rows: [
    {
      id: 'deploy-in-turn',
      fault: 'version 2 takes over; later version 1 is started alone by mistake',
      whatHappens:
        'version 2 ends the turn as version 1 began it, and takes its own way from the next turn on. Version 1, back alone, fails its first tries of a workflow task with a nondeterminism error, and does nothing; its message is handled once version 2 runs again',
      test: { file, title: 'ends the turn that the killed one began, and takes its own way from the next turn on' },
      stores: 'embedded',
      notProven: 'workers of both versions, unversioned, side by side for long; a change of what is stored',
    },
    {
      id: 'deploy-versioned',
      fault: 'version 2 is made current in a worker deployment; version 1 comes back',
      whatHappens: 'version 2 ends the turn; version 1 gets no work while it is not current',
      test: { file, title: 'as a build of a deployment: it gets work when it is current, and the old one that comes back gets none' },
      stores: 'embedded',
      notProven: 'making version 1 current again: that is the first row; a ramp in which both get work',
    },
    {
      id: 'deploy-unreplayable',
      fault: 'version 2 has the same change without `patched`, and is started all the same',
      whatHappens: 'no worker can replay the agent\'s history; within a minute a worker ends that run, and a new one goes on from the stores',
      test: { file, title: 'with a change that is not behind patched(), and started all the same, takes up from the stores what it can not replay' },
      stores: 'embedded',
      notProven: 'a change that fails in another way than by leaving the history: such an agent stands still until a mended worker comes. Answers of the latest commands are forgotten',
    },
    {
      id: 'deploy-careless',
      fault: 'version 2 has the same change without `patched`',
      whatHappens: '`perdure replay` of version 2 says at which event it leaves the history, with exit status 1, before it is deployed',
      test: { file, title: 'with a change that is not behind patched() is caught by `perdure replay` before' },
      stores: 'embedded',
      cells: { effects: notAtStake, usable: notAtStake },
      notProven: 'a change that shows only in histories that no agent has yet',
    },
  ],
}
