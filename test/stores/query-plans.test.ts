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

// What is read often, or of all agents, is found by an index that has all of the condition.
test.for<[name: string, read: () => Promise<unknown>, plan: RegExp]>([
  ['the latest sequence number', () => memory.messages.latestSeq('ada'), /^SEARCH message USING COVERING INDEX \S+ \(agent=\?\)$/],
  ['counts of several agents', () => memory.messages.counts(['ada', 'bob']), /^SEARCH message USING COVERING INDEX \S+ \(agent=\?\)(?!.*SCAN message\b)/],
  ['ranges of messages', () => memory.messages.ranges('ada', [[1, 5], [9, 9]]), /SEARCH message USING INDEX \S+ \(agent=\? AND seq>\? AND seq<\?\)/],
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
  ['the count of passages', () => archival.count('ada'), /SEARCH passage USING COVERING INDEX passage_agent \(agent=\?\).*SEARCH passage USING (?:COVERING )?INDEX passage_superseded \(agent=\?\)$/],
  ['a block that has left', () => memory.definitions.formerBlock('ada', 'ada/human'), /^SEARCH former_block USING INDEX \S+ \(agent=\? AND block=\?\)$/],
  ['the last block of a label that has left', () => memory.definitions.formerBlockOf('ada', 'human', ['ada/notes']), /^SEARCH former_block USING INDEX former_block_label \(agent=\? AND label=\?\)(?!.*TEMP B-TREE)/],
  ['turns of an event', () => memory.turns.byEvent('ada', 'one'), /^SEARCH turn USING INDEX turn_event \(agent=\? AND event=\?\)/],
  ['turns of several events', () => memory.turns.ofEvents([{ agentId: 'ada', eventId: 'one' }]), /^SCAN ref VIRTUAL TABLE.*SEARCH turn USING INDEX turn_event \(agent=\? AND event=\?\)/],
])('%s: searched, not scanned', async ([, read, plan]) => {
  expect(await planOf(read())).toMatch(plan)
})
