import { notAtStake, type FaultGroup, type FaultRow } from '../row.ts'

const file = 'documents-killed.test.ts'
const lostFile = '../workflows/faults/looked-after.test.ts'
const cells: FaultRow['cells'] = { messages: notAtStake, effects: notAtStake, results: notAtStake, order: notAtStake }

export const documents: FaultGroup = {
  heading: 'While documents are loaded',
  about: 'What is at stake is passages: all that reading the files by themselves gives, with the same text, each once.',
  rows: [
    {
      id: 'documents-worker',
      fault: 'two workers killed while a PDF of 400 pages and a folder of source code are loaded for an agent with a window of 8,000 tokens',
      whatHappens: 'no passage is missing or doubled; facts of pages 3, 200 and 399 are answered, with the page; the agent is told once',
      test: { file, title: 'while workers are killed have each passage once, and are answered from far beyond the window, with the page' },
      stores: 'embedded',
      cells: { ...cells, messages: '0 / 0' },
      notProven: 'that a real model finds them: the simulated one goes by words',
    },
    {
      id: 'documents-points',
      fault: 'after a document was read and before its passages are in; after it was finished and before that is known',
      whatHappens: 'the next worker goes on; each passage is there once, and the file itself is no longer kept',
      test: { file, title: 'by a worker that is killed at %s, and by the next one, have each passage once' },
      stores: 'embedded',
      cells,
      notProven: 'MongoDB and Qdrant, whose part the contract of the stores shows',
    },
    {
      id: 'documents-client',
      fault: 'the client that loads is killed half-way, and loads again',
      whatHappens: 'what it gave over is loaded without it; the second time that is unchanged, and the rest is loaded',
      test: { file, title: 'by a client that is killed half-way are loaded as far as they were given over; loading again does the rest, once' },
      stores: 'embedded',
      cells,
      notProven: 'that files of its last two seconds, of which nobody has told the workflow, wait no longer than a minute: that is shown of a workflow that was deleted',
    },
    {
      id: 'documents-workflow-lost',
      fault: 'terminate, request cancellation, or delete, of the workflow that loads them, and nobody waits for the load or asks again',
      whatHappens: 'a worker starts it again within about a minute; every document is loaded, with each passage once, and the agent is told',
      test: { file: lostFile, title: 'are loaded all the same, though nobody waits for them or asks again, and the agent is told' },
      stores: 'both',
      cells,
      notProven: 'that the agent is told of documents that were loaded before a terminate or a delete, or within six seconds after it, until what loads them hears of it: its list of documents has them',
    },
    {
      id: 'documents-workflow-cancelled',
      fault: 'request cancellation of the workflow that loads them, some of which are loaded, or are being loaded and do not heed it',
      whatHappens: 'the agent is told of those before the workflow ends; the others are loaded, and told, afterwards',
      test: { file: lostFile, title: 'are told to the agent where they were loaded $what and its workflow is cancelled' },
      stores: 'both',
      cells,
      notProven: 'that the agent is told if the worker dies, or is stopped in order, while the workflow waits for what has begun: then as with terminate',
    },
    {
      id: 'documents-workflow-cancelled-untold',
      fault: 'request cancellation of the workflow that loads them, while the store is away by which the agent is told',
      whatHappens: 'the workflow tries a few times, and ends as cancelled; the agent finds in its statistics what is there',
      test: { file: lostFile, title: 'let their workflow end as cancelled where $what and the agent cannot be told, as a store is away' },
      stores: 'embedded',
      cells,
      notProven: 'that the agent is told of them by an event, once the store is back: it is not',
    },
    {
      id: 'documents-workflow-lost-waiting',
      fault: 'the same, while somebody waits for the load',
      whatHappens: 'who waits starts it again at once, and has the result of the load',
      test: { file: lostFile, title: 'are loaded for whoever waits for them, who is told of no error' },
      stores: 'both',
      cells,
      notProven: 'a server that is away for longer than a minute: then the command ends with an error, and the documents are loaded all the same',
    },
    {
      id: 'documents-removal-lost',
      fault: 'terminate, while documents wait to be removed and no worker runs',
      whatHappens: 'they are removed when a worker runs again; those of an agent that was archived meanwhile stay as they are',
      test: { file: lostFile, title: 'documents that are to be removed go, though the workflow that removes them is terminated; those of an archived agent are left alone' },
      stores: 'both',
      cells,
      notProven: 'documents that a client of 0.2.0 gave: they go on with the next load, or by `perdure recover`',
    },
  ],
}
