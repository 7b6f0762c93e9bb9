import { notAtStake, type FaultGroup } from '../row.ts'

export const exchanges: FaultGroup = {
  heading: 'While what has left a context is embedded',
  about: 'What is at stake is vectors: each exchange that has left the context gets one.',
  rows: [
    {
      id: 'exchanges-worker',
      fault: 'a worker is killed while the exchanges of an imported conversation are embedded, and nobody speaks to the agent',
      whatHappens: 'the next worker goes on behind the last vectors that were stored; each text is embedded once',
      test: { file: 'import-killed.test.ts', title: 'is embedded to its end by the next worker where one dies in the middle of that, though nobody speaks to the agent' },
      stores: 'embedded',
      cells: { messages: notAtStake, effects: notAtStake, results: notAtStake, order: notAtStake },
      notProven: 'a worker that dies between the answer of the embedding model and the store: these texts are asked for again',
    },
  ],
}
