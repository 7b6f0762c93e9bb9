import { notAtStake, type FaultGroup, type FaultRow } from '../row.ts'

const file = 'documents-killed.test.ts'
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
      notProven: 'files of its last two seconds: they may wait for the next load',
    },
  ],
}
