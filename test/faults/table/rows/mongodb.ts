import { notAtStake, type FaultGroup } from '../row.ts'

const file = 'stores-killed.test.ts'

export const mongodb: FaultGroup = {
  heading: 'MongoDB is killed',
  about: 'One server, started again on the same data and port. Embedded memory is part of the worker, and dies with it.',
  rows: [
    {
      id: 'mongodb-thinking',
      fault: 'while the model thinks',
      whatHappens: 'its answer is kept until it can be stored; the model is not asked again',
      test: { file, title: 'while the model thinks costs time only: the answer is kept till it can be stored, and not paid for again' },
      stores: 'servers',
      notProven: 'an outage of more than ten minutes, or one in which the worker dies too: a second request is paid for',
    },
    {
      id: 'mongodb-tool',
      fault: 'while a tool outside runs',
      whatHappens: 'its outcome is kept until it can be stored; the effect happens once',
      test: { file, title: 'while a tool outside runs loses nothing of its outcome' },
      stores: 'servers',
      notProven: "an outage that outlasts the tool's own time limit: if it may not be repeated, the model reads \"outcome unknown\"",
    },
    {
      id: 'mongodb-long',
      fault: 'for longer than a step tries (half a minute or so)',
      whatHappens: "the turn is parked as `store-away` with the server's name, and goes on by itself within half a minute after MongoDB is back; however long it waits, that makes no event",
      test: { file, title: 'for longer than a step tries parks the turn, which waits without a further event, and goes on by itself' },
      stores: 'servers',
      cells: { effects: notAtStake },
      notProven: 'an outage of hours: the test waits for half a minute, in which no event is added',
    },
    {
      id: 'mongodb-idle',
      fault: 'while nothing runs',
      whatHappens: 'a message sent then fails with `server-unavailable`; sent again under its id, it has one turn',
      test: { file, title: 'while nothing runs has a message turned away by name, and taken under the same id afterwards' },
      stores: 'servers',
      cells: { effects: notAtStake },
      notProven: "a connection that breaks between the body's insert and the update",
    },
  ],
}
