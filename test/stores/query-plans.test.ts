import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idsOf } from '../../src/protocol/tenant.ts'
import { embeddedArchival } from '../../src/stores/embedded/archival.ts'
import { openDatabase } from '../../src/stores/embedded/database.ts'
import { embeddedMemory } from '../../src/stores/embedded/memory.ts'
import type { EmbeddedDatabase, SqlValue } from '../../src/stores/embedded/sql.ts'
import type { ArchivalStore } from '../../src/stores/archival.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'

/** What the planner says of each statement as it is run. */
const plans: string[] = []
let folder: string
let database: EmbeddedDatabase
let memory: MemoryStore
let archival: ArchivalStore

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-plans-'))
  database = await openDatabase(join(folder, 'memory.db'))
  const explain = (sql: string, values: readonly SqlValue[]): void => {
    for (const { detail } of database.rows(`EXPLAIN QUERY PLAN ${sql}`, ...values)) plans.push(String(detail))
  }
  const explained: EmbeddedDatabase = {
    ...database,
    rows: (sql, ...values) => (explain(sql, values), database.rows(sql, ...values)),
    row: (sql, ...values) => (explain(sql, values), database.row(sql, ...values)),
  }
  memory = embeddedMemory(explained, async (action) => action(), () => database.close())
  archival = embeddedArchival(explained, async (action) => action(), () => undefined)
})
afterAll(async () => {
  await memory.close()
  rmSync(folder, { recursive: true })
})

async function planOf(read: Promise<unknown>): Promise<string> {
  await read
  return plans.splice(0).join('; ')
}

// So that something is found, and all statements are run.
beforeAll(async () => {
  const of = { agentId: 'ada', turn: 1, step: 0, role: 'user', eventId: 'e', at: '2026-01-02T00:00:00Z', tokens: 1, text: 'the gauge of the harbour' } as const
  const filled = embeddedMemory(database, async (action) => action(), () => undefined)
  for (const seq of [1, 2]) await filled.messages.insert({ ...of, op: `o${seq}`, seq })
  await embeddedArchival(database, async (action) => action(), () => undefined).insert([{ passage: { agentId: 'ada', op: 'p', text: 'a gauge', tags: [], source: 'agent', at: of.at }, vector: [1, 0] }], { model: 'unit', dimensions: 2 })
})

// What is read often, or of all agents, is found by an index that has all of the condition.
test.for<[name: string, read: () => Promise<unknown>, plan: RegExp]>([
  ['the latest sequence number', () => memory.messages.latestSeq('ada'), /^SEARCH message USING COVERING INDEX \S+ \(agent=\?\)$/],
  ['the count of messages', () => memory.messages.count('ada'), /^SEARCH kept_count USING PRIMARY KEY \(agent=\? AND of=\?\)$/],
  ['counts of several agents', () => memory.messages.counts(['ada', 'bob']), /^SEARCH kept_count USING PRIMARY KEY \(agent=\? AND of=\?\)/],
  ['ranges of messages', () => memory.messages.ranges('ada', [[1, 5], [9, 9]]), /SEARCH message USING INDEX \S+ \(agent=\? AND seq>\? AND seq<\?\)/],
  ['what holds operations or numbers', () => memory.messages.holding('ada', { ops: ['o1'], numbers: [1, 2] }), /SEARCH message USING INDEX \S+ \(agent=\? AND op=\?\).*SEARCH message USING INDEX \S+ \(agent=\? AND seq>\? AND seq<\?\)/],
  ['messages after a number', () => memory.messages.after('ada', 5, 10), /^SEARCH message USING INDEX \S+ \(agent=\? AND seq>\?\)$/],
  ['a page of agents', () => memory.agents.list({ within: idsOf(undefined), after: 'ada', limit: 10 }), /^SEARCH agent USING INDEX \S+ \(id>\? AND id<\?\)$/],
  ['agents by a tag', () => memory.agents.list({ within: idsOf(undefined), tag: 'birds', limit: 10 }), /SEARCH agent_tag USING PRIMARY KEY \(tag=\?\)/],
  ['the agent of a name', () => memory.agents.current('ada'), /SEARCH agent USING INDEX \S+ \(id=\?\).*SEARCH agent USING INDEX \S+ \(id>\? AND id<\?\)/],
  ['a page of access keys', () => memory.accessKeys.list({ within: idsOf(undefined), offset: 0, limit: 10 }), /^SEARCH access_key USING INDEX \S+ \(id>\? AND id<\?\)/],
  ['agents that are being deleted', () => memory.agents.beingDeleted(), /^SCAN agent USING INDEX agent_deleting$/],
  [
    'agents with documents that wait',
    () => memory.documents.agentsWithUnfinished({ taskQueue: 'q', before: '2026', limit: 10 }),
    /^SEARCH document USING INDEX document_unfinished \(<expr>=\? AND <expr><\?\)/,
  ],
  ['the count of passages', () => archival.count('ada'), /^SEARCH kept_count USING PRIMARY KEY \(agent=\? AND of=\?\)$/],
  ['messages of a range of time', () => memory.messages.search('ada', { order: 'newest', offset: 0, limit: 10, from: '2026-01-01', to: '2026-02-01', before: 9 }), /SEARCH message USING INDEX message_at \(agent=\? AND at>\? AND at<\?\)(?!.*SCAN message\b)/],
  ['messages before a date', () => memory.messages.search('ada', { order: 'newest', offset: 0, limit: 10, to: '2026-02-01', before: 9, conversation: true }), /SEARCH message USING INDEX message_at \(agent=\? AND at<\?\)(?!.*SCAN message\b)/],
  ['the newest messages', () => memory.messages.search('ada', { order: 'newest', offset: 0, limit: 10, before: 9 }), /SEARCH message USING COVERING INDEX \S+ \(agent=\? AND seq<\?\)(?!.*SCAN message\b)/],
  ['messages with words', () => memory.messages.search('ada', { text: 'harbour gauge', order: 'relevance', offset: 0, limit: 10, before: 9 }), /SEARCH message USING INTEGER PRIMARY KEY \(rowid=\?\)(?!.*SCAN (?:message|other)\b)/],
  ['a block that has left', () => memory.definitions.formerBlock('ada', 'ada/human'), /^SEARCH former_block USING INDEX \S+ \(agent=\? AND block=\?\)$/],
  ['the last block of a label that has left', () => memory.definitions.formerBlockOf('ada', 'human', ['ada/notes']), /^SEARCH former_block USING INDEX former_block_label \(agent=\? AND label=\?\)(?!.*TEMP B-TREE)/],
  ['turns of an event', () => memory.turns.byEvent('ada', 'one'), /^SEARCH turn USING INDEX turn_event \(agent=\? AND event=\?\)/],
  ['turns of several events', () => memory.turns.ofEvents([{ agentId: 'ada', eventId: 'one' }]), /^SCAN ref VIRTUAL TABLE.*SEARCH turn USING INDEX turn_event \(agent=\? AND event=\?\)/],
])('%s: searched, not scanned', async ([, read, plan]) => {
  expect(await planOf(read())).toMatch(plan)
})
