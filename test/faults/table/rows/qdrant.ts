import type { FaultGroup } from '../row.ts'

const file = 'stores-killed.test.ts'

export const qdrant: FaultGroup = {
  heading: 'Qdrant is killed',
  about: 'One server, started again on the same data and port.',
  rows: [
    {
      id: 'qdrant-passage',
      fault: 'while a passage is due',
      whatHappens: 'the tool tries again: one passage, one result',
      test: { file, title: 'and comes back while a passage is due has that passage once, and the call one result' },
      stores: 'servers',
      notProven: 'an outage in the middle of a passage that is split into several',
    },
    {
      id: 'qdrant-stored',
      fault: 'when it has stored the passage and not yet said so',
      whatHappens: 'the next try changes nothing: one passage, one result',
      test: { file, title: 'after it has stored a passage and before it says so has that passage once, and the call one result' },
      stores: 'servers',
      notProven: 'a passage that is split into several',
    },
    {
      id: 'qdrant-long',
      fault: 'for longer than the tool tries (three times)',
      whatHappens: 'the model reads an error that names the server, never its key; its prompt says that archival memory cannot be reached; the turn goes on',
      test: { file, title: 'for longer than the tool tries is an error that the model reads, and the agent goes on without it' },
      stores: 'servers',
      cells: { effects: 'refused, and the model knows / 0' },
      notProven: 'a server that takes connections and does not answer: see the network that swallows everything',
    },
  ],
}
