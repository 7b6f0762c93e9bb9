import { notAtStake, type FaultGroup } from '../row.ts'

const toTemporal = 'network-temporal.test.ts'
const toStores = 'network-stores.test.ts'
const toModel = 'network-model.test.ts'

export const network: FaultGroup = {
  heading: 'The network breaks',
  about:
    'Between a process and a server, both of which live on, in the middle of a turn. *Cut*: connections are reset, new ones refused. *Swallowed*: connections stay open, and nothing passes; ' +
    'what was open then stays dead when all is mended, and whoever holds it has to notice. *Slow*: 20 to 100 kB a second and 50 to 150 ms each way; 1 kB a second to the model.',
  rows: [
    {
      id: 'network-worker-temporal-cut',
      fault: 'worker and Temporal are cut for 8 seconds while the model thinks',
      whatHappens: 'its answer is stored and, though the attempt timed out, not paid for again; the turn goes on',
      test: { file: toTemporal, title: 'is cut while the model thinks: its answer is kept and not paid for again' },
      stores: 'embedded',
      notProven: 'an outage that begins between the worker and a store at the same moment',
    },
    {
      id: 'network-worker-temporal-blackhole',
      fault: 'worker and Temporal: everything is swallowed while the model thinks',
      whatHappens:
        'the worker notices within 45 seconds (the SDK asks every 30 and waits 15) and connects anew; the answer is not paid for again. Attempts that Temporal hands to the dead connection are lost, so that the turn may be parked as `activity-failed`; it goes on by itself',
      test: { file: toTemporal, title: 'swallows everything while the model thinks: the worker notices by itself, and nothing is done again' },
      stores: 'embedded',
      notProven: 'an address that itself does not answer any more: a connection attempt has its own time limit',
    },
    {
      id: 'network-worker-temporal-slow',
      fault: 'worker and Temporal: slow for 4 seconds',
      whatHappens: 'the turn takes its time',
      test: { file: toTemporal, title: 'is slow: the turn takes its time, and each thing happens once' },
      stores: 'embedded',
      notProven: 'a line so slow that a heartbeat takes more than 3 seconds: attempts then time out, one after the other',
    },
    {
      id: 'network-client-temporal-cut',
      fault: 'client and Temporal are cut for 3 seconds while it waits',
      whatHappens: 'it asks again under the same id, and has the answer of the one turn',
      test: { file: toTemporal, title: 'is cut while it waits: it has the answer afterwards, from the one turn' },
      stores: 'embedded',
      notProven: 'an outage of a minute or more: it then fails with `server-unavailable`, and the message may be sent again under its id',
    },
    {
      id: 'network-client-temporal-blackhole',
      fault: 'client and Temporal: everything is swallowed while it waits',
      whatHappens: 'it notices within 20 seconds (it asks every 15 and waits 5), and has the answer of the one turn',
      test: { file: toTemporal, title: 'swallows everything while it waits: it notices by itself, and has the answer from the one turn' },
      stores: 'embedded',
      notProven: 'a Temporal client that a program of your own connects without these settings: the SDK notices within 45 seconds',
    },
    {
      id: 'network-client-temporal-slow',
      fault: 'client and Temporal: slow',
      whatHappens: 'it has the answer, late',
      test: { file: toTemporal, title: 'is slow: it has the answer, late' },
      stores: 'embedded',
      notProven: 'messages of 64 kB over such a line',
    },
    {
      id: 'network-mongodb-cut',
      fault: 'worker and MongoDB are cut for 3 seconds while the model thinks',
      whatHappens: 'its answer is kept until it can be stored, and not paid for again',
      test: { file: toStores, title: 'is cut while the model thinks: its answer is kept until it can be stored, and not paid for again' },
      stores: 'servers',
      notProven: 'a replica set whose primary alone is cut off',
    },
    {
      id: 'network-mongodb-blackhole',
      fault: 'worker and MongoDB: everything is swallowed while the model thinks',
      whatHappens: "the driver's monitor notices within 10 seconds, a single silent connection within 30; the answer is stored once",
      test: { file: toStores, title: 'swallows everything while the model thinks: the silence is noticed, and the answer stored once' },
      stores: 'servers',
      notProven: 'a silence of more than ten minutes; time-outs of your own in `MONGODB_URI`, which count instead',
    },
    {
      id: 'network-mongodb-slow',
      fault: 'worker and MongoDB: slow',
      whatHappens: 'the turn takes its time',
      test: { file: toStores, title: 'is slow: the turn takes its time, and each thing happens once' },
      stores: 'servers',
      notProven: 'a line over which one request takes more than 30 seconds',
    },
    {
      id: 'network-qdrant-cut',
      fault: 'worker and Qdrant are cut for half a second while a passage is due',
      whatHappens: 'the tool tries again: one passage, one result',
      test: { file: toStores, title: 'is cut for a moment while a passage is due: it is stored once' },
      stores: 'servers',
      notProven: 'a cut for longer than the tool tries: as in the next row',
    },
    {
      id: 'network-qdrant-blackhole',
      fault: 'worker and Qdrant: everything is swallowed for longer than the tool tries',
      whatHappens:
        "each step's prompt waits 2 seconds for its figure and says that archival memory cannot be reached; the tool gives a request up after 10 seconds, three times; the model reads an error, and the turn goes on",
      test: { file: toStores, title: 'swallows everything for longer than the tool tries: the model reads an error, each step loses two seconds, and the turn goes on' },
      stores: 'servers',
      cells: { effects: 'refused, and the model knows / 0' },
      notProven: 'a request that arrived and whose answer was swallowed, after which the model stores the passage in other words',
    },
    {
      id: 'network-qdrant-slow',
      fault: 'worker and Qdrant: slow while a passage is due',
      whatHappens: 'the passage is stored once',
      test: { file: toStores, title: 'is slow while a passage is due: it is stored once' },
      stores: 'servers',
      notProven: 'hundreds of passages at once over such a line',
    },
    {
      id: 'network-model-cut',
      fault: 'worker and model are cut while it thinks',
      whatHappens: 'it is asked again',
      test: { file: toModel, title: 'is cut while the model thinks: it is asked again' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'what the first request cost: the provider may charge for an answer that nobody got',
    },
    {
      id: 'network-model-blackhole',
      fault: 'worker and model: everything is swallowed',
      whatHappens: 'the request is given up after its time limit (10 minutes; in the test 4 seconds) and made again over a new connection',
      test: { file: toModel, title: 'swallows everything: the request is given up after its time limit, and made again over a new connection' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'the real limit of 10 minutes; a local model may think that long',
    },
    {
      id: 'network-model-slow',
      fault: 'worker and model: slow',
      whatHappens: 'the answer comes late, once',
      test: { file: toModel, title: 'is slow: the answer takes its time, and is had once' },
      stores: 'embedded',
      cells: { effects: notAtStake },
      notProven: 'an answer that takes longer than the time limit of a request',
    },
  ],
}
