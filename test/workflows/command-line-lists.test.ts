import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { innerId } from '../../src/protocol/tenant.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { runPerdure, type Ran } from '../cli/run-perdure.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
let home: string
let removeFolder: () => Promise<void>
beforeEach(async () => {
  const folder = await temporaryFolder()
  removeFolder = () => folder.remove()
  home = folder.path
  agents = await startAgents({ model: scriptedModel([call('core_memory_append', { label: 'human', content: 'Ada' })], { afterwards: () => say('Fine.') }), stores: await openEmbeddedStores({ file: join(home, 'memory.db') }) })
})
afterEach(async () => {
  await agents.close()
  await removeFolder()
})

function perdure(args: readonly string[], input?: string): Promise<Ran> {
  const env = { TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: inject('temporalNamespace'), PERDURE_TASK_QUEUE: agents.taskQueue }
  return runPerdure(home, args, { env, ...(input !== undefined && { input }) })
}
const read = ({ output }: Ran): readonly unknown[] => output.map((line) => JSON.parse(line) as unknown)
const json = async (...args: readonly string[]): Promise<readonly unknown[]> => read(await perdure([...args, '--json']))
const aTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string

describe('what commands list', () => {
  test('is one JSON object a line for programs, with the documented fields [cli:json]', { timeout: 300_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', approval: ['core_memory_append'], tags: ['night shift'] })
    await client.create({ id: `${agentId}-2`, model: 'other' })
    await client.schedule(agentId, { id: 'tea', text: 'Tea?', at: '2999-01-01T00:00:00Z', everyMs: 60_000 })
    await client.send(agentId, 'I am Ada.', { eventId: 'e1' })
    await client.loadDocuments(`${agentId}-2`, [{ name: 'notes.md', bytes: Buffer.from('# Notes\n\nAll is well.') }])
    const [tagged, limited, timers, waiting, documents] = await Promise.all([
      json('agents', '--tag', 'night shift'),
      json('agents', '--model', 'other', '--limit', '1'),
      json('timers', agentId),
      json('waiting', agentId),
      json('documents', `${agentId}-2`),
    ])
    expect(tagged).toEqual([{ agent: agentId, key: agentId, tags: ['night shift'], model: 'scripted', status: expect.stringMatching(/^(live|parked)$/) as string, messages: 2, createdAt: aTime }])
    expect(limited).toMatchObject([{ agent: `${agentId}-2`, model: 'other' }])
    expect(timers).toEqual([{ id: 'tea', dueAt: '2999-01-01T00:00:00.000Z', everyMs: 60_000, text: 'Tea?' }])
    expect(waiting).toMatchObject([{ op: `${agentId}/1/1/0`, name: 'core_memory_append', for: 'approval', eventId: 'e1', since: aTime, until: aTime }])
    expect(documents).toEqual([{ name: 'notes.md', status: 'loaded', bytes: 21, at: aTime, format: 'markdown', passages: 1 }])
  })
})

describe('perdure recover --all', () => {
  test('starts every agent again whose workflow is lost, of all tenants, or of the one that is named [recover:from-stores http:tenants]', { timeout: 300_000 }, async () => {
    const { agentId, clientOf, temporal } = agents
    const tenants = [undefined, 'acme', 'other']
    for (const tenant of tenants) await clientOf(tenant).create({ id: agentId, model: 'scripted' })
    const lost = async (): Promise<void> => {
      for (const tenant of tenants) await temporal.workflow.getHandle(workflowIdOf(innerId(tenant, agentId))).terminate('a test')
    }
    const meaning = 'its workflow did not run: a new one takes up what has yet to be done'
    await lost()
    const [all, again] = [await perdure(['recover', '--all']), await perdure(['recover', '--all'])]
    expect(all.output.toSorted()).toEqual([`${agentId} of acme: ${meaning}`, `${agentId} of other: ${meaning}`, `${agentId}: ${meaning}`, '3 agents started again, 0 told to read the stores, 0 well, 0 failed.'].toSorted())
    expect(again.output).toEqual(['0 agents started again, 0 told to read the stores, 3 well, 0 failed.'])
    await lost()
    expect((await perdure(['--tenant', 'acme', 'recover', '--all'])).output).toEqual([`${agentId}: ${meaning}`, '1 agent started again, 0 told to read the stores, 0 well, 0 failed.'])
  })
})

describe('the memory of an agent', () => {
  test('is shown from outside of the chat: blocks, messages by pages, checkpoints [cli:json]', { timeout: 300_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', blocks: [{ label: 'human', description: 'Who asks', value: 'Nobody yet' }, { label: 'rules', value: 'Be kind.', readOnly: true }] })
    await client.send(agentId, 'I am Ada.')
    await client.send(agentId, 'Where is the boat?')
    await client.command(agentId, { type: 'save', name: 'calm' })
    const [blocks, versions, earlier, next, checkpoints, lines, wrong] = await Promise.all([
      json('blocks', agentId),
      json('blocks', agentId, 'human', '--versions'),
      json('messages', agentId, '--limit', '2', '--before', '4'),
      json('messages', agentId, '--limit', '2', '--after', '1'),
      json('checkpoints', agentId),
      perdure(['messages', agentId, '--limit', '1']),
      perdure(['blocks', agentId, 'rule']),
    ])
    expect(blocks).toMatchObject([{ label: 'human', description: 'Who asks', limit: 2_000, readOnly: false, version: 2 }, { label: 'rules', readOnly: true, version: 0, value: 'Be kind.' }])
    expect(versions).toMatchObject([{ version: 2, author: agentId, turn: 1, at: aTime, value: 'Nobody yet\nAda' }, { version: 1 }])
    const all = await client.messages(agentId)
    expect(earlier).toEqual(all.filter(({ seq }) => seq < 4).slice(-2))
    expect(next).toEqual(all.slice(1, 3))
    expect(checkpoints).toEqual([{ name: 'calm', at: aTime }])
    expect(lines.output.at(0)).toMatch(/^#\d+ {2}turn 2 {2}tool, send_message {2}/)
    expect(lines.output.at(-1)).toBe(`There are more: perdure messages ${agentId} --before ${all.at(-1)?.seq ?? 0}`)
    expect(wrong).toMatchObject({ status: 3, errors: expect.stringContaining('it has human, rules') as string })
  })
})

describe('perdure archival', () => {
  test('looks into archival memory and changes it, for persons and for programs [archival:person, cli:json]', { timeout: 300_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const archival = (...args: readonly string[]) => perdure(['archival', agentId, ...args])
    const op = `${agentId}/person/a`
    const insert = ['insert', 'Mooring:', 'pier 3.', '--tag', 'boats', 'spring', '--by', 'Grace', '--id', 'a'] as const
    expect(await archival(...insert)).toMatchObject({ status: 0, output: [`Inserted as ${op}.`] })
    expect(read(await archival(...insert, '--json'))).toEqual([{ op, already: true }])
    expect(await perdure(['archival', agentId, 'edit', op, '-'], 'Mooring: pier 4.')).toMatchObject({ status: 0, output: [`Edited ${op}.`] })
    await archival('supersede', op, 'Mooring: pier 9.', '--id', 'b')
    const [found, all, shown, wrong] = await Promise.all([archival('search', 'mooring', '--tag', 'spring', '--json'), archival('list', '--superseded', '--json'), archival('show', op), archival('sing', 'a song')])
    expect(read(found)).toMatchObject([{ id: `${agentId}/person/b`, op: `${agentId}/person/b`, text: 'Mooring: pier 9.', supersedes: op, tags: ['boats', 'spring'], origin: { by: 'person' } }])
    expect(read(all)).toMatchObject([{ id: `${agentId}/person/b` }, { id: op }])
    const [ofPersons, ofTheAgent] = await Promise.all([archival('list', '--source', 'person', '--json'), archival('list', '--source', 'agent', '--json')])
    expect([read(ofPersons).length, read(ofTheAgent).length]).toEqual([1, 0])
    const nowhere = await Promise.all([archival('list', '--source', 'nope.md', '--json'), archival('search', 'mooring', '--source', 'nope.md')])
    for (const ran of nowhere) expect(ran).toMatchObject({ status: 3, output: [], errors: expect.stringContaining('no source "nope.md": a source is agent, page_out, person, or a document\'s name, and it has no documents') as string })
    expect(shown.output.join('\n')).toMatch(new RegExp(`^${op}  .*, by Grace #boats #spring\n    edited .* by .*\n    superseded by ${agentId}/person/b\n    Mooring: pier 4\\.$`))
    expect(wrong).toMatchObject({ status: 2, errors: expect.stringContaining('list, search, show') as string })
    expect(await archival('delete', `${agentId}/person/b`)).toMatchObject({ status: 0, output: [`Deleted ${agentId}/person/b.`] })
    const [absent, empty] = await Promise.all([archival('delete', `${agentId}/person/b`), archival('list')])
    expect(absent).toMatchObject({ status: 3, errors: expect.stringContaining('passage-unknown') as string })
    expect(empty.output).toEqual(['No passage.'])
  })
})
