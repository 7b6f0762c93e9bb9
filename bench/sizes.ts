/**
 * What reading a large memory takes: the messages of one agent, the vectors of their exchanges, and its passages. Milliseconds, median and 95 of 100, of each kind of question, and of
 * the processors' time its median; asked one after the other of the memory file in a thread of its own, as a worker asks; and by how much the event loop of the asking thread was late at most.
 *
 *   npm run bench:sizes -- [--messages 1000000] [--passages 100000] [--times 40] [--folder kept] [--only 'six ordinary words']
 *
 * A folder that is named is kept, and read again by the next run of the same sizes. The first question of each kind is not counted.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { random } from '../eval/harness/random.ts'
import { openInThread } from '../src/stores/embedded/thread/open-in-thread.ts'
import { searchRecall } from '../src/recall/search-recall.ts'
import type { MemoryFile } from '../src/stores/embedded/open.ts'
import type { MeantQuery } from '../src/stores/messages.ts'
import { beginBench } from './begin/begin.ts'
import { text, whole } from './begin/options.ts'
import { figure } from './figures.ts'
import { agentId, eventOf, exchangesOf, fillMemory, space, timeOf, vectorsOf, wordAt } from './large-memory.ts'
import { measureLateness } from './lateness.ts'
import { quantilesOf, timed } from './quantiles.ts'

const { messages, passages, times, folder: kept, only } = beginBench(import.meta.url, { messages: whole(100_000), passages: whole(20_000), times: whole(40), folder: text('a folder', undefined), only: text('a part of what stands in the table as a question', undefined) })
/** Whose figures are held against an aim: of the sizes for which the aims are. */
const aimed = { messages: 1_000_000, passages: 100_000 }
/** The slowest of each sort of questions, milliseconds at 95 of 100. */
const slowest = { 'sizes.recall': 0, 'sizes.dates': 0, 'sizes.archival': 0, 'sizes.late': 0 }
const folder = kept ?? mkdtempSync(join(tmpdir(), 'perdure-sizes-'))
const file = join(folder, `memory-${messages}-${passages}-${exchangesOf(messages)}.db`)

console.log(`${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown kind'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`)
if (!existsSync(file)) {
  const seconds = (await timed(() => fillMemory(file, { messages, passages }))) / 1_000
  console.log(`filled in ${seconds.toFixed(1)} s: ${Math.round((messages + passages) / seconds)} rows a second`)
}
console.log(`${messages} messages, ${exchangesOf(messages)} exchanges and ${passages} passages in ${Math.round(statSync(file).size / 2 ** 20)} MiB`)
const opened = await openInThread(file)
try {
  console.log('\n| question | p50, ms | p95, ms | CPU, p50, ms | the first, ms | found | event loop late by at most, ms |\n|---|--:|--:|--:|--:|--:|--:|')
  for (const [what, ask] of Object.entries(questionsOf(opened))) if (only === undefined || what.includes(only)) await row(what, ask)
} finally {
  await opened.close()
  if (kept === undefined) rmSync(folder, { recursive: true })
}

/** Asks; what was found, for the table. */
type Ask = () => Promise<number | string>

async function row(what: string, ask: Ask): Promise<void> {
  let found: number | string = 0
  const asked = async (): Promise<void> => {
    found = await ask()
  }
  const first = await timed(asked)
  const lateness = await measureLateness()
  const took: number[] = []
  const computed: number[] = []
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage()
    took.push(await timed(asked))
    const { user, system } = process.cpuUsage(before)
    computed.push((user + system) / 1_000)
  }
  const { p50, p95 } = quantilesOf(took)
  const late = (await lateness()).own
  aim(what, p95, late)
  console.log(`| ${what} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${quantilesOf(computed).p50.toFixed(1)} | ${first.toFixed(1)} | ${found} | ${Math.round(late)} |`)
}

function aim(what: string, p95: number, late: number): void {
  if (messages < aimed.messages || passages < aimed.passages) return
  const sort = what.startsWith('passages by meaning') ? 'sizes.archival' : /\bdates?\b/.test(what) ? 'sizes.dates' : /\bwords?\b/.test(what) ? 'sizes.recall' : undefined
  for (const [id, value] of [[sort, p95], ['sizes.late', late]] as const) {
    if (id !== undefined) figure(id, (slowest[id] = Math.max(slowest[id], value)))
  }
}

function questionsOf({ memory, archival }: MemoryFile): Readonly<Record<string, Ask>> {
  const chance = random(7)
  const page = { offset: 0, limit: 10 } as const
  /** As the tool asks: what was said, and not in the turn that asks. */
  const said = { ...page, conversation: true, before: messages - 3 } as const
  const recall = (query: () => MeantQuery): Ask => async () => {
    const { total, atLeast } = await memory.messages.search(agentId, query())
    return `${atLeast === true ? 'at least ' : ''}${total}`
  }
  const wordsBetween = (from: number, to: number, count: number): string =>
    Array.from({ length: count }, () => wordAt(Math.floor(from * (to / from) ** chance.next()))).join(' ')
  const byWords = (text: () => string): Ask => recall(() => ({ text: text(), order: 'relevance', ...said }))
  const inNamedMonth = (text: () => string): Ask =>
    recall(() => {
      const from = chance.below(messages)
      return { text: text(), order: 'relevance', ...said, named: [{ from: timeOf(from), to: timeOf(from + 43_200) }] }
    })
  const byDate = (range: (middle: number) => Partial<MeantQuery>): Ask => recall(() => ({ order: 'newest', ...said, ...range(chance.below(messages)) }))
  const vectors = vectorsOf(chance)
  /** As the tool asks, of what is embedded; the embedding model answers at once. */
  const byMeaning = (text: () => string): Ask => async () => {
    const query = { text: text(), order: 'relevance', ...said } as const
    const { total, atLeast } = await searchRecall({ stores: { memory, archival }, embedder: { ...space, embed: async () => [vectors()] }, agentId, query, askedAt: timeOf(messages) })
    return `${atLeast === true ? 'at least ' : ''}${total}`
  }
  const ofExchanges = `of ${exchangesOf(messages)} exchanges`
  const passagesBy = (words: () => string): Ask => async () => (await archival.search(agentId, { words: words(), vector: vectors(), ...page }, space)).total
  return {
    'six ordinary words': byWords(() => wordsBetween(10, 1_000, 6)),
    'six frequent words': byWords(() => wordsBetween(1, 50, 6)),
    'one frequent word': byWords(() => wordsBetween(1, 5, 1)),
    'one rare word': byWords(() => wordsBetween(10_000, 40_000, 1)),
    'three words, one of them rare': byWords(() => `${wordsBetween(5, 50, 2)} ${wordsBetween(10_000, 40_000, 1)}`),
    'six words within a month': recall(() => {
      const from = chance.below(messages)
      return { text: wordsBetween(10, 1_000, 6), order: 'relevance', ...said, from: timeOf(from), to: timeOf(from + 43_200) }
    }),
    'six ordinary words and a month': inNamedMonth(() => wordsBetween(10, 1_000, 6)),
    'six frequent words and a month': inNamedMonth(() => wordsBetween(1, 50, 6)),
    [`by meaning and six ordinary words, ${ofExchanges}`]: byMeaning(() => wordsBetween(10, 1_000, 6)),
    [`by meaning and one rare word, ${ofExchanges}`]: byMeaning(() => wordsBetween(10_000, 40_000, 1)),
    'six words, newest first': recall(() => ({ text: wordsBetween(10, 1_000, 6), order: 'newest', ...said })),
    'after a date': byDate((middle) => ({ from: timeOf(middle) })),
    'before a date': byDate((middle) => ({ to: timeOf(middle) })),
    'between two dates': byDate((middle) => ({ from: timeOf(middle), to: timeOf(middle + 1_440) })),
    'newest page with its count': recall(() => ({ order: 'newest', ...page })),
    'newest of the conversation with its count': recall(() => ({ order: 'newest', ...said })),
    'count of messages': () => memory.messages.count(agentId),
    'turn of an event': async () => (await memory.turns.byEvent(agentId, eventOf(1 + chance.below(messages / 4))))?.turn ?? 'none',
    'latest sequence number': () => memory.messages.latestSeq(agentId),
    'what a step reads: 200 messages by numbers, and the latest': async () => {
      const [ranges] = await Promise.all([memory.messages.ranges(agentId, [[messages - 200, messages]]), memory.messages.latestSeq(agentId), memory.turns.latestEnded(agentId)])
      return ranges.length
    },
    'passages by meaning': passagesBy(() => ''),
    'passages by meaning and six words': passagesBy(() => wordsBetween(10, 1_000, 6)),
    'passages by meaning and a frequent word': passagesBy(() => wordsBetween(1, 5, 1)),
    'passages of a source': async () =>
      (await archival.search(agentId, { words: wordsBetween(10, 1_000, 3), vector: vectors(), ...page, source: `document-${1 + chance.below(199)}` }, space)).total,
    'passages with a tag': async () =>
      (await archival.search(agentId, { words: wordsBetween(10, 1_000, 3), vector: vectors(), ...page, tags: [`tag-${1 + chance.below(49)}`] }, space)).total,
    'count of passages': () => archival.count(agentId),
  }
}
