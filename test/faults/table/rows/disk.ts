import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'disk-full.test.ts'

export const disk: FaultGroup = {
  heading: 'A disk is full',
  about: 'A file system of a few megabytes (tmpfs), filled to its last byte, with room made again later. It needs the right to mount one: in CI it runs, elsewhere it may be skipped.',
  rows: [
    {
      id: 'disk-thinking',
      fault: 'the disk of the memory file, while the model thinks',
      whatHappens: 'its answer is kept until there is room; the model is not asked again',
      test: { file, title: 'while the model thinks costs time only: the answer is kept till there is room, and not paid for again' },
      stores: 'embedded',
      notProven: 'a real disk, whose file system keeps a reserve or moves blocks; a disk that is full for longer than a paid answer waits for its store (10 minutes); that the worker is restarted meanwhile',
    },
    {
      id: 'disk-accepting',
      fault: 'the disk of the memory file, while a message is sent and a turn begins',
      whatHappens: 'the message is refused with `store-full` and nothing of it is kept; the answer of the turn is kept until there is room, and the model is not asked again; the message sent again under its id has its turn',
      test: { file, title: 'turns a message away by name and keeps nothing of it; the answer of a turn that begins is kept till there is room, and not paid for again' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'a disk that is full for longer than 10 minutes: the turn parks as `store-full` then; MongoDB with a full disk: its error is named alike (`OutOfDiskSpace`), but no such server was tried',
    },
    {
      id: 'disk-temporal',
      fault: "the disk of the Temporal server's file, while the model thinks and messages wait",
      whatHappens: 'nothing moves until there is room; then every sender has its answer',
      test: { file, title: 'stops the agent and loses nothing that was accepted: it goes on when there is room' },
      stores: 'embedded',
      notProven: "another database than the development server's SQLite file; a minute or more, after which senders give up waiting",
    },
  ],
}
