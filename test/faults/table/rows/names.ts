import { notAtStake, type FaultGroup } from '../row.ts'

const file = '../workflows/names.test.ts'
const cells = { effects: notAtStake, results: notAtStake }

export const names: FaultGroup = {
  heading: 'A name that is used again',
  about: 'Each agent of a name has a key of its own, of which everything that is stored is made; a key is never used again.',
  rows: [
    {
      id: 'names-created-anew',
      fault: 'create, while the earlier agent of that name is being deleted',
      whatHappens: 'it is another agent at once; the rest of the deletion, and writes that come late, do not reach it',
      test: { file, title: 'is another agent from the moment in which its deletion begins, and the rest of that does not reach it' },
      stores: 'both',
      cells,
      notProven: 'workers and clients of an earlier version, which know names only',
    },
    {
      id: 'names-raced',
      fault: 'twenty creations and deletions of one name at once',
      whatHappens: 'one agent is in force, and nothing is left of the others',
      test: { file, title: 'has one agent in force whatever creations and deletions race for it' },
      stores: 'both',
      cells,
      notProven: 'the same from several processes',
    },
    {
      id: 'names-broken-off',
      fault: 'the workflow of an agent is terminated in the middle of its deletion',
      whatHappens: 'a second request ends the deletion; without one, a worker does within a minute',
      test: { file, title: 'is deleted to the end by a second request where the first was broken off with its workflow' },
      stores: 'both',
      cells: { ...cells, messages: 'deleted, as asked', usable: notAtStake },
      notProven: 'that a worker does it without a request: seen in `unfailing.test.ts`, there with the stores of another worker in between',
    },
    {
      id: 'names-deleted-twice',
      fault: 'a deletion that was broken off is finished by the agent\'s workflow, and its command is repeated when the name has another agent',
      whatHappens: 'the other agent is left alone: the name keeps by which commands its agents were deleted',
      test: { file, title: 'has an agent that no repetition of a deletion reaches which the workflow of the earlier one, %s, has finished by itself' },
      stores: 'both',
      cells: { ...cells, messages: 'deleted, as asked' },
      notProven: 'deletions of an earlier version, and more than 50 commands for one name in between: what is kept ends there',
    },
  ],
}
