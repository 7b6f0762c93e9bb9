import { afterEach, describe, expect, test } from 'vitest'
import type { ArchivalQuery } from '../../src/client/archival-methods.ts'
import { createClient } from '../../src/client/client.ts'
import type { Embedder } from '../../src/model/model.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { call, say, scriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

async function start(steps: readonly ScriptedStep[] = []): Promise<void> {
  agents = await startAgents({ model: scriptedModel(steps) })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
}

describe('archival memory for a person', () => {
  test('says of each passage who has put it there, in which turn or from which document [archival:person]', async () => {
    await start([call('archival_memory_insert', { content: 'Ada sails a yawl.', tags: ['boats'] }, { heartbeat: true }), say('Noted.')])
    const { client, agentId } = agents
    await client.send(agentId, 'Remember my yawl.')
    await client.loadDocuments(agentId, [{ name: 'harbour.md', bytes: Buffer.from('# Harbour\n\nThe harbour freezes in January.') }])
    const { op } = await client.insertPassage(agentId, 'Ada moors at Pier 4.', { by: 'Grace', tags: ['boats', 'boats'] })
    const found = (await client.passages(agentId)).map(({ text, origin, source }) => [text.split('\n').at(-1), source, origin])
    expect(found).toEqual([
      ['Ada moors at Pier 4.', 'person', { by: 'person', name: 'Grace' }],
      ['The harbour freezes in January.', 'harbour.md', { by: 'document', document: 'harbour.md' }],
      ['Ada sails a yawl.', 'agent', { by: 'agent', turn: 1 }],
    ])
    expect(await client.passage(agentId, op)).toMatchObject({ op, tags: ['boats'], by: 'Grace' })
    const { total, passages } = await client.searchArchival(agentId, { text: 'which pier', tags: ['boats'] })
    expect([total, passages[0]?.text]).toEqual([2, 'Ada moors at Pier 4.'])
    expect((await client.searchArchival(agentId, { text: 'pier', source: 'harbour.md', limit: 1 })).total).toBe(1)
  })

  test('is changed at once for the agent: edited, superseded and deleted passages are found as they are now [archival:person]', async () => {
    const search = () => call('archival_memory_search', { query: 'pier mooring' }, { heartbeat: true })
    await start([search(), say('Pier 4.'), search(), say('Pier 9.')])
    const { client, agentId } = agents
    const { op } = await client.insertPassage(agentId, 'Mooring: pier 3.', { tags: ['boats'] })
    const { op: wrong } = await client.insertPassage(agentId, 'Mooring of a stranger.')
    await client.editPassage(agentId, op, 'Mooring: pier 4.', { by: 'Grace' })
    await client.send(agentId, 'Where?')
    const { op: later } = await client.supersedePassage(agentId, op, 'Mooring: pier 9 since May.', { by: 'Ada' })
    await client.deletePassage(agentId, wrong)
    await client.send(agentId, 'And now?')
    const results = (await client.messages(agentId)).filter(({ toolName }) => toolName === 'archival_memory_search').map(({ text }) => text)
    expect(results[0]).toContain('pier 4')
    expect(results[0]).toContain('stranger')
    expect(results[0]).not.toContain('pier 3')
    expect(results[1]).toContain('pier 9')
    expect(results[1]).not.toMatch(/pier 4|stranger/)
    expect(await client.passages(agentId)).toMatchObject([{ op: later, supersedes: op, tags: ['boats'], by: 'Ada' }])
    expect(await client.passage(agentId, op)).toMatchObject({ text: 'Mooring: pier 4.', supersededBy: later, edits: [{ by: 'Grace' }], origin: { by: 'person', name: 'person' } })
    expect(await client.passages(agentId, { superseded: true })).toHaveLength(2)
    expect((await client.counts(agentId)).archival).toBe(1)
  })

  test('does nothing twice: a command that is said again under its id, also by two at once, is the same one [archival:person, commands:idempotent]', async () => {
    await start()
    const { client, agentId } = agents
    const inserts = await Promise.all([1, 2, 3].map(() => client.insertPassage(agentId, 'heron', { commandId: 'a' })))
    expect(new Set(inserts.map(({ op }) => op)).size).toBe(1)
    const [{ op } = expect.fail()] = inserts
    expect(await client.insertPassage(agentId, 'heron', { commandId: 'a' })).toEqual({ op, already: true })
    expect(await client.editPassage(agentId, op, 'crane', { commandId: 'b' })).toEqual({ already: false })
    expect(await client.editPassage(agentId, op, 'stork', { commandId: 'c' })).toEqual({ already: false })
    // Late, after another edit: nothing goes back to what it was.
    expect(await client.editPassage(agentId, op, 'crane', { commandId: 'b' })).toEqual({ already: true })
    expect((await client.passage(agentId, op)).text).toBe('stork')
    const { op: later } = await client.supersedePassage(agentId, op, 'ibis', { commandId: 'd' })
    expect(await client.supersedePassage(agentId, op, 'ibis', { commandId: 'd' })).toEqual({ op: later, already: true })
    await client.deletePassage(agentId, later, { commandId: 'e' })
    expect(await client.deletePassage(agentId, later, { commandId: 'e' })).toEqual({ already: true })
    expect(await client.supersedePassage(agentId, op, 'ibis', { commandId: 'd' })).toEqual({ op: later, already: true })
    expect(await client.passages(agentId)).toEqual([])
    await expect(client.insertPassage(agentId, 'walrus', { commandId: 'a' })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('of two who supersede one passage, the first stands, and the other is told and leaves nothing [archival:person]', async () => {
    await start()
    const { client, agentId } = agents
    const { op } = await client.insertPassage(agentId, 'heron')
    const attempts = await Promise.allSettled(['crane', 'stork', 'ibis'].map((text) => client.supersedePassage(agentId, op, text)))
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as unknown] : []))
    expect(refused).toMatchObject([{ code: 'passage-superseded' }, { code: 'passage-superseded' }])
    expect(await client.passages(agentId)).toHaveLength(1)
    await expect(client.editPassage(agentId, op, 'late')).rejects.toMatchObject({ code: 'passage-superseded' })
  })

  test('edits for a person only what they saw: what somebody else has made of it meanwhile stays, and who did is named [archival:person]', async () => {
    await start()
    const { client, agentId } = agents
    const { op } = await client.insertPassage(agentId, 'heron')
    await client.editPassage(agentId, op, 'crane', { by: 'Ada', ifEdits: 0 })
    await expect(client.editPassage(agentId, op, 'stork', { ifEdits: 0 })).rejects.toMatchObject({ code: 'passage-conflict', message: expect.stringContaining('last by Ada') as string })
    expect((await client.passage(agentId, op)).text).toBe('crane')
    const edit = { ifEdits: 1, commandId: 'edit-1' }
    expect(await client.editPassage(agentId, op, 'ibis', edit)).toEqual({ already: false })
    expect(await client.editPassage(agentId, op, 'ibis', edit)).toEqual({ already: true })
    const attempts = await Promise.allSettled(['one', 'two', 'three'].map((text) => client.editPassage(agentId, op, text, { ifEdits: 2 })))
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(client.editPassage(agentId, op, 'x', { ifEdits: -1 })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('refuses by code what is no passage, no text and no search, and where it has no embedding model [archival:person]', async () => {
    await start()
    const { client, agentId, temporal, taskQueue, stores } = agents
    const { op } = await client.insertPassage(agentId, 'heron')
    for (const wrong of ['', '  ', 'x'.repeat(8_001), 7 as unknown as string]) await expect(client.insertPassage(agentId, wrong)).rejects.toMatchObject({ code: 'invalid-argument' })
    for (const tags of [[''], Array.from({ length: 33 }, (_, index) => `t${index}`), ['x'.repeat(101)], 'boats' as unknown as string[]]) await expect(client.editPassage(agentId, op, 'crane', { tags })).rejects.toMatchObject({ code: 'invalid-argument' })
    for (const query of [{ text: '' }, { text: 'x', from: 'yesterday' }, { text: 'x', limit: 0 }, { text: 'x', source: 3 as unknown as string }]) await expect(client.searchArchival(agentId, query)).rejects.toMatchObject({ code: 'invalid-argument' })
    for (const nowhere of [`${op}x`, '', 3 as unknown as string]) {
      await expect(client.editPassage(agentId, nowhere, 'crane')).rejects.toMatchObject({ code: 'passage-unknown' })
      await expect(client.supersedePassage(agentId, nowhere, 'crane')).rejects.toMatchObject({ code: 'passage-unknown' })
      await expect(client.deletePassage(agentId, nowhere)).rejects.toMatchObject({ code: 'passage-unknown' })
      await expect(client.passage(agentId, nowhere)).rejects.toMatchObject({ code: 'passage-unknown' })
    }
    await expect(client.insertPassage('nobody-of-that-name', 'heron')).rejects.toMatchObject({ code: 'agent-unknown' })
    const blind = createClient({ temporal, taskQueue, stores })
    await expect(blind.searchArchival(agentId, { text: 'heron' })).rejects.toMatchObject({ code: 'config-invalid' })
    const other = createClient({ temporal, taskQueue, stores, embedder: { model: 'another', dimensions: 2, embed: (texts) => Promise.resolve(texts.map(() => [1, 0])) } })
    await expect(other.insertPassage(agentId, 'heron')).rejects.toMatchObject({ code: 'embedding-mismatch' })
    expect(await client.passages(agentId)).toHaveLength(1)
  })

  test.for([['fails', () => Promise.reject(new Error('connect ECONNREFUSED'))], ['hangs', () => new Promise<never>(() => undefined)]] as const)(
    'is searched by words alone, and says so, where the embedding model %s [archival:person]',
    { timeout: 30_000 },
    async ([, away]) => {
      const usual = simulatedEmbedder()
      let embed: Embedder['embed'] = (...asked) => usual.embed(...asked)
      agents = await startAgents({ model: scriptedModel([]), embedder: { ...usual, embed: (...asked) => embed(...asked) } })
      const { client, agentId } = agents
      await client.create({ id: agentId, model: 'scripted' })
      for (const text of ['A heron stands in the reeds.', 'Two herons, one reed.', 'The mill was sold.', 'A heron flew away.']) await client.insertPassage(agentId, text, { tags: ['birds'] })
      expect(await client.searchArchival(agentId, { text: 'heron' })).not.toHaveProperty('byWordsAlone')
      embed = away
      const search = async (query: ArchivalQuery): Promise<unknown> => {
        const { passages, ...rest } = await client.searchArchival(agentId, query)
        return { ...rest, texts: passages.map(({ text }) => text) }
      }
      const [all, one, behind, none] = await Promise.all([
        search({ text: 'stands mill', tags: ['birds'] }), search({ text: 'sold away', limit: 1 }), search({ text: 'sold away', offset: 5 }), search({ text: 'walrus' }),
      ])
      expect(all).toEqual({ total: 2, byWordsAlone: true, texts: expect.arrayContaining(['A heron stands in the reeds.', 'The mill was sold.']) as string[] })
      expect(one).toEqual({ total: 2, atLeast: true, byWordsAlone: true, texts: [expect.any(String)] })
      expect(behind).toEqual({ total: 2, byWordsAlone: true, texts: [] })
      expect(none).toEqual({ total: 0, byWordsAlone: true, texts: [] })
    },
  )
})
