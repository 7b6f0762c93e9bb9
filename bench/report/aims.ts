export interface Aim {
  /** What is measured, and by which figure. */
  readonly what: string
  readonly unit: '' | 'ms' | 's' | 'MiB' | 'kB' | 'events' | '%' | 'times'
  readonly bound: { readonly most: number } | { readonly least: number }
  /** The part of `npm run bench` that has the figure. */
  readonly run: string
  /** Why it is not reached, where it is not. */
  readonly why?: string
  /** What is to be known of the figure whether it is reached or not. */
  readonly beside?: string
}

const aims = {
  'history.events': { what: 'events of a turn, of one inference and one message', unit: 'events', bound: { most: 13 }, run: 'history' },
  'history.bytes': { what: 'history of such a turn', unit: 'kB', bound: { most: 3.5 }, run: 'history' },
  'calls.sequence': {
    what: 'store calls of a message that come one after the other',
    unit: '',
    bound: { most: 6 },
    run: 'calls',
    why: 'Six: the client looks the name up, deposits the event and reads the reply; `infer` reads the agent, and with it blocks and counts, and stores its step with the event; `settle` stores the end. After a change of the agent, and on a worker that has not seen it, blocks are read once the agent is known: seven.',
  },
  'calls.commits': {
    what: 'durable commits of a message',
    unit: '',
    bound: { most: 2 },
    run: 'calls',
    why: 'Three: the event, which is durable when it is accepted; the step with the event\'s message, which is paid for once; the end with the result.',
  },
  'turn.embedded': { what: 'a message, as a ratio to the bare loop, embedded, p50', unit: 'times', bound: { most: 1.2 }, run: 'turn', why: 'Where it is missed, the three commits of a message are what the bare loop has not.' },
  'turn.servers': { what: 'a message, as a ratio to the bare loop, MongoDB and Qdrant, p50', unit: 'times', bound: { most: 1.4 }, run: 'turn', why: 'Six calls one after the other. The stand-ins take several milliseconds for each; a real MongoDB was not measured.' },
  'turn.woken': { what: 'a message to an agent that has left the cache, at any age of its run, p95', unit: 'ms', bound: { most: 150 }, run: 'turn', why: 'A wake replays up to 120 events: 50 ms of CPU, of which a fifth are threads that Node starts for the time limit of each call into the workflow.' },
  'turn.http': { what: 'a message over HTTP, as a ratio to the client in process, p50', unit: 'times', bound: { most: 1.15 }, run: 'http', why: 'The connection, the parsing and the writing of an answer take the same few milliseconds whatever a message takes.' },
  'rate.throughput': { what: 'messages a second of 50 agents, as a ratio to 50 bare loops', unit: 'times', bound: { least: 0.7 }, run: 'rate', why: 'An agent\'s message takes six calls of the stores, one after the other, and three commits that a bare loop does not, on the same cores and the same disk.' },
  'rate.cpu': { what: 'CPU of a message: server, worker and client', unit: 'ms', bound: { most: 40 }, run: 'rate', why: 'A third of a workflow\'s time is the stack that the SDK takes for each promise.' },
  'rate.fair': { what: 'the longest message of 200 agents at once, as a ratio to the median', unit: 'times', bound: { most: 3 }, run: 'fair', why: 'With four messages each it is 1.3. With twelve each agent begins a new run, whose first task goes by the queue that the SDK asks only once at a time.' },
  'sizes.recall': {
    what: 'any search of 1,000,000 messages, p95 of the slowest kind',
    unit: 'ms',
    bound: { most: 50 },
    run: 'sizes',
    why: 'Slowest are six words with meaning beside them: the words take some 20 ms, the nearest of 250,000 exchanges some 13.',
  },
  'sizes.dates': { what: 'a range of dates of 1,000,000 messages, p95 of the slowest kind', unit: 'ms', bound: { most: 20 }, run: 'sizes' },
  'sizes.archival': { what: 'ten of 100,000 passages by meaning, p95', unit: 'ms', bound: { most: 30 }, run: 'sizes', why: '13 to 26 ms of CPU in the median, with words beside the meaning; 21 to 31 ms at 95 of 100 where nothing else ran.' },
  'sizes.late': { what: 'event loop of whoever asks a large memory, late by at most', unit: 'ms', bound: { most: 50 }, run: 'sizes' },
  'documents.held': { what: 'event loop of a worker that loads documents, held by at most', unit: 'ms', bound: { most: 50 }, run: 'documents', why: 'On a machine that others have too the collection of garbage is held up as well.' },
  'watch.told': { what: 'a watcher is told of what another process has stored, p50 of the slowest kind', unit: 'ms', bound: { most: 50 }, run: 'watch' },
  'start.cpu': { what: 'CPU of `npm start` until its first line', unit: 's', bound: { most: 5 }, run: 'start' },
  'start.seconds': { what: 'time of `npm start` until its first line', unit: 's', bound: { most: 5 }, run: 'start' },
  'start.rest': { what: 'memory of the stack at rest', unit: 'MiB', bound: { most: 350 }, run: 'start', why: 'Temporal\'s server takes 150 MiB, of which 92 are pages of its program; GOGC and GOMAXPROCS changed nothing. The worker takes some 100: Temporal\'s SDK in two threads, and its native part.' },
  'page.bundle': { what: 'the page, compressed', unit: 'kB', bound: { most: 150 }, run: 'page' },
  'page.paint': { what: 'first paint of the page with nothing cached, median of the slower view', unit: 'ms', bound: { most: 1_000 }, run: 'page' },
  'page.frame': { what: 'median frame while text streams', unit: 'ms', bound: { most: 16.8 }, run: 'page' },
  'recall.five': { what: 'questions about the first five of LoCoMo\'s ten conversations with evidence among the first five results', unit: '%', bound: { least: 65 }, run: 'recall' },
  'recall.ten': { what: 'the same questions with evidence among the first ten results', unit: '%', bound: { least: 75 }, run: 'recall' },
  'idle.memory': {
    what: 'memory that 1,000 idle agents take of a worker with default settings, which keeps 500 of them',
    unit: 'MiB',
    bound: { most: 60 },
    run: 'idle',
    beside: 'The others cost it nothing until they wake. One that is kept costs some 100 kB, as the bench prints: some 47 kB are objects, and about 5 of these ours, handlers and state. The SDK has the others: for each run 11 kB of stacks of promises that wait, 6 that describe the globals, 4 of empty maps and 8 of streams in the main thread. The rest is its native part.',
  },
  'idle.cpu': { what: 'a core\'s share that 1,000 idle agents take', unit: '%', bound: { most: 1 }, run: 'idle' },
  'idle.created': { what: 'the making of 10,000 agents, by that of 1,000', unit: 's', bound: { most: 180 }, run: 'idle' },
} as const satisfies Readonly<Record<string, Aim>>

export type AimId = keyof typeof aims

export const aimsById: ReadonlyMap<string, Aim> = new Map<string, Aim>(Object.entries(aims))

export function isReached({ bound }: Aim, value: number): boolean {
  return 'most' in bound ? value <= bound.most : value >= bound.least
}
