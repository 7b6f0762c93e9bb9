import { notAtStake, type FaultGroup } from '../row.ts'

export const load: FaultGroup = {
  heading: 'Much at once',
  about: 'Many messages, many agents, many faults.',
  rows: [
    {
      id: 'load-thousand',
      fault: '1,000 messages by updates and signals, while the agent continues as new again and again and three workers die',
      whatHappens: 'each has its one turn, behind all that were accepted before it was sent',
      test: {
        file: 'many-messages.test.ts',
        title: 'by updates and signals of several clients, through continue-as-new and deaths of workers, are all handled once and in order',
      },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'senders in several processes: here four clients, each with its own connections, are in one; more than a mailbox holds (5,000)',
    },
    {
      id: 'storm',
      fault:
        'a storm by a seed: kills and stops of workers, Temporal, the model and the clients; networks that are cut; workflows terminated, cancelled, reset and deleted; Temporal\'s database emptied once; a model that misbehaves, cancels, approvals, small windows',
      whatHappens: 'when it is over everything is answered by itself, and the audit of every agent finds nothing',
      test: { file: 'storm.test.ts', title: 'of faults at once loses and doubles nothing, and leaves every agent usable' },
      stores: 'embedded',
      cells: { effects: '0 or unknown to the model / 0' },
      notProven: 'other interleavings: the seed repeats the schedule and what is said, not what a fault meets. Half a minute and four agents; [longer ones](#a-storm) by hand',
    },
    {
      id: 'storm-request-time',
      fault: 'the model never answers one of a storm\'s workers',
      whatHappens: 'the worker gives the request up after `PERDURE_REQUEST_SECONDS`, as `perdure worker` does, and the model is asked again',
      test: { file: 'storm.test.ts', title: 'has workers that give a request up after the time that it may take, as those of users do' },
      stores: 'embedded',
      cells: { effects: notAtStake, results: notAtStake },
      notProven: 'that the request which was given up is not paid for: it may be',
    },
    {
      id: 'storm-schedule',
      fault: "a storm's seed",
      whatHappens: 'the same schedule of faults each time',
      test: { file: 'storm.test.ts', title: 'of a seed has the same schedule each time, and none of another seed' },
      stores: 'none',
      cells: { messages: notAtStake, effects: notAtStake, results: notAtStake, order: notAtStake, usable: notAtStake },
      notProven: 'that two storms of one seed meet the same moments: they do not',
    },
    {
      id: 'worker-overloaded',
      fault: 'four times more work than cores, on the machine that has all servers and two workers with twelve agents',
      whatHappens: 'no live worker is taken for dead: no activity and no workflow task is given to another worker for its silence',
      test: { file: 'overload.test.ts', title: 'never makes a live worker look dead' },
      stores: 'embedded',
      notProven: 'more load than that: a task that a live worker was too slow for is done again by another one, once in its effect. Half a minute',
    },
  ],
}
