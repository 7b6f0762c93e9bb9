import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { isInSight } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
let embeddingIsAway = false
const usual = simulatedEmbedder()
const stage = useStage(models.model, { embedder: { ...usual, embed: (...asked) => (embeddingIsAway ? Promise.reject(new Error('connect ECONNREFUSED')) : usual.embed(...asked)) } })

async function agent(id: string, steps: readonly ScriptedStep[] = [], input: Partial<AgentInput> = {}): Promise<string> {
  models.give(id, steps)
  await stage.agents.client.create({ model: id, ...input, id })
  return id
}

const memory = (id: string, part = 'blocks'): string => `/agents/${id}/memory/${part}`
const block = (page: Page, label: string) => page.getByRole('region', { name: label, exact: true })
const textsOf = async (page: Page, selector: string): Promise<readonly string[]> => (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())

describe('core memory', () => {
  test('is shown as it is, with its limit, and as the agent writes it [web:page core:blocks]', async () => {
    const id = await agent('writes', [call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Noted.')])
    const { page } = await stage.open(memory(id))
    await block(page, 'human').getByText('There is nothing in it.').waitFor()
    expect(await block(page, 'human').getByText('of 2,000 characters').innerText()).toBe('0 of 2,000 characters')
    await stage.agents.client.send(id, 'I am Ada.')
    await block(page, 'human').getByText('Name: Ada').waitFor()
    expect(await block(page, 'human').getByText('of 2,000 characters').innerText()).toBe('9 of 2,000 characters')
    expect(await findingsOf(page)).toEqual([])
  })

  test('is edited, compared, and taken back to any version; who wrote each is said [web:page core:history]', async () => {
    const id = await agent('edited', [call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Noted.')])
    await stage.agents.client.send(id, 'I am Ada.')
    const { page } = await stage.open(memory(id))
    await block(page, 'human').getByRole('button', { name: /^Edit/ }).click()
    await block(page, 'human').getByRole('textbox').fill('Name: Ada Lovelace')
    await block(page, 'human').getByRole('button', { name: 'Save' }).click()
    await block(page, 'human').getByText('version 3', { exact: true }).waitFor()
    await block(page, 'human').getByRole('link', { name: /^Versions/ }).click()
    expect(new URL(page.url()).pathname).toBe(memory(id, 'blocks/human'))
    await page.locator('.difference ins').waitFor()
    expect([await textsOf(page, '.difference ins'), await page.locator('.difference figcaption').innerText()]).toEqual([['Lovelace'], 'What differs from version 2 to version 3'])
    const rows = await textsOf(page, '.versions tbody tr')
    expect(rows.map((row) => row.replace(/\d+:\d+|just now/, 'TIME'))).toEqual([
      '3 TIME person 18 now', `2 TIME ${id} turn 1 9 Go back to 2`, '1 as it began 0 Go back to 1',
    ])
    await page.getByRole('radio', { name: 'Compare from version 1' }).check()
    await expect.poll(() => page.locator('.difference figcaption').innerText()).toBe('What differs from version 1 to version 3')
    expect(await findingsOf(page)).toEqual([])
    // On a small screen too whoever follows a link to them sees them, and the way back.
    await page.setViewportSize({ width: 360, height: 640 })
    await page.reload()
    const back = page.getByRole('button', { name: 'Go back to 2' })
    await expect.poll(() => isInSight(back)).toBe(true)
    await back.click()
    await block(page, 'human').getByText('version 4', { exact: true }).waitFor()
    expect((await stage.agents.client.blocks(id)).find(({ label }) => label === 'human')).toMatchObject({ version: 4, value: 'Name: Ada' })
  })

  test('goes back only from the version that one sees: what is written in that moment stays, and is shown [web:page core:history]', async () => {
    const { client } = stage.agents
    const id = await agent('back')
    for (const name of ['Ada', 'Bea', 'Cleo']) await client.editBlock(id, 'human', `Name: ${name}`)
    const { page } = await stage.open(memory(id, 'blocks/human'))
    await page.route('**/undo', async (route) => {
      await client.editBlock(id, 'human', 'Name: Dora', { author: 'back' })
      await route.fallback()
    }, { times: 1 })
    await page.getByRole('button', { name: 'Go back to 2', exact: true }).click()
    await page.getByText('block-conflict').waitFor()
    await block(page, 'human').getByText('version 5', { exact: true }).waitFor()
    expect((await client.blocks(id)).find(({ label }) => label === 'human')?.value).toBe('Name: Dora')
    await page.getByRole('button', { name: 'Go back to 2', exact: true }).click()
    await block(page, 'human').getByText('version 6', { exact: true }).waitFor()
    expect((await client.blocks(id)).find(({ label }) => label === 'human')?.value).toBe('Name: Ada')
  })

  test('that somebody else writes while one edits it is not written over unseen [web:page core:blocks]', async () => {
    const id = await agent('conflict')
    await stage.agents.client.editBlock(id, 'human', 'Name: Ada')
    const { page } = await stage.open(memory(id))
    await block(page, 'human').getByRole('button', { name: /^Edit/ }).click()
    await block(page, 'human').getByRole('textbox').fill('Name: Eve')
    await stage.agents.client.editBlock(id, 'human', 'Name: Ada L.')
    await block(page, 'human').getByText('Meanwhile it was written by somebody else').waitFor()
    expect(await textsOf(page, '.meanwhile .diff ins')).toEqual(['L.'])
    await block(page, 'human').getByRole('button', { name: 'Take theirs' }).click()
    expect(await block(page, 'human').getByRole('textbox').inputValue()).toBe('Name: Ada L.')
  })

  test('is written over by a person only as they saw it: what the agent has written meanwhile is shown, and the person’s text stays [web:page core:blocks]', async () => {
    const { client } = stage.agents
    const id = await agent('unseen')
    await client.editBlock(id, 'human', 'Name: Ada')
    const { page } = await stage.open(memory(id))
    const human = block(page, 'human')
    await human.getByText('Name: Ada').waitFor()
    // The page hears late of what is written: it is answered as it was until it tries to save again.
    const before = JSON.stringify({ blocks: await client.blocks(id) })
    let saves = 0
    page.on('request', (request) => {
      if (request.method() === 'PUT') saves += 1
    })
    await page.route('**/blocks', (route) => (saves < 2 ? route.fulfill({ contentType: 'application/json', body: before }) : route.fallback()))
    await human.getByRole('button', { name: /^Edit/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('End')
    await page.keyboard.type(', from Lisbon')
    await client.editBlock(id, 'human', 'Name: Ada Lovelace', { author: 'unseen' })
    await human.getByRole('button', { name: 'Save' }).focus()
    await page.keyboard.press('Enter')
    await human.getByText('block-conflict').waitFor()
    expect((await client.blocks(id))[1]?.value).toBe('Name: Ada Lovelace')
    await human.getByRole('button', { name: 'Save' }).click()
    await human.getByText('Meanwhile it was written by somebody else').waitFor()
    expect(await textsOf(page, '.meanwhile .diff ins')).toEqual(['Lovelace'])
    expect(await human.getByRole('textbox').inputValue()).toBe('Name: Ada, from Lisbon')
    expect(await findingsOf(page)).toEqual([])
    await human.getByRole('button', { name: 'Save over theirs' }).focus()
    await page.keyboard.press('Enter')
    await human.getByRole('button', { name: /^Edit/ }).waitFor()
    expect((await client.blockHistory(id, 'human')).slice(0, 3).map(({ value }) => value)).toEqual(['Name: Ada, from Lisbon', 'Name: Ada Lovelace', 'Name: Ada'])
  })

  test('is renamed, and says what is wrong with a label [web:page definition:living]', async () => {
    const id = await agent('renamed')
    await stage.agents.client.editBlock(id, 'human', 'Name: Ada')
    const { page } = await stage.open(memory(id))
    await block(page, 'human').getByRole('button', { name: /^Rename/ }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('persona')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('dialog').getByText('block-label-taken').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('dialog').getByRole('textbox').fill('system/human')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
    await block(page, 'system/human').getByText('Name: Ada').waitFor()
    expect((await stage.agents.client.blocks(id)).map(({ label }) => label)).toEqual(['persona', 'system/human'])
  })

  test('says with whom a block is shared, when it is asked, and in whose turn it was written [web:page multi:shared-blocks]', async () => {
    const team = { label: 'team', blockId: 'team-of-page' }
    const id = await agent('one-of-two', [], { blocks: [team] })
    const other = await agent('two-of-two', [call('core_memory_append', { label: 'crew', content: 'Grace joined.' }, { heartbeat: true }), say('Noted.')], { blocks: [{ ...team, label: 'crew' }] })
    await stage.agents.client.send(other, 'Grace joined.')
    const { page } = await stage.open(memory(id))
    await block(page, 'team').getByRole('button', { name: 'Who shares it?' }).click()
    await block(page, 'team').getByText('Shared with two-of-two').waitFor()
    // What the other one has written it has written in a turn of its own.
    await block(page, 'team').getByRole('link', { name: /^Versions/ }).click()
    expect(await block(page, 'team').getByRole('link', { name: 'turn 1' }).getAttribute('href')).toBe(`/agents/${other}/chat/1`)
    await block(page, 'team').getByRole('link', { name: 'two-of-two' }).click()
    await block(page, 'crew').waitFor()
  })
})

describe('recall and archival memory', () => {
  test('are searched side by side, with why and where from; the address says what for [web:page recall:search archival:insert-search]', async () => {
    const id = await agent('searched', [call('archival_memory_insert', { content: 'The boat is called Heron.' }, { heartbeat: true }), say('I shall remember the Heron.')])
    await stage.agents.client.send(id, 'My boat is the Heron.')
    const { page } = await stage.open(memory(id, 'search'))
    await page.getByRole('searchbox').fill('heron')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).search).toBe('?q=heron')
    const [recall, archival] = [page.getByRole('region', { name: /^Recall/ }), page.getByRole('region', { name: /^Archival/ })]
    await recall.getByText('I shall remember the').waitFor()
    await archival.getByText('put away by the agent, in turn 1').waitFor()
    expect(await recall.locator('mark').allInnerTexts()).toEqual(expect.arrayContaining(['Heron', 'Heron']))
    expect(await archival.locator('.why').innerText()).toBe('1. has “heron”')
    await page.reload()
    await archival.getByText('The boat is called').waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe('heron')
    expect(await findingsOf(page)).toEqual([])
  })

  test('are searched by words alone, and the page says so, while the embedding model is away [web:page archival:person]', async () => {
    const id = await agent('words-alone')
    for (const text of ['The heron is a boat.', 'The mill was sold.']) await stage.agents.client.insertPassage(id, text)
    embeddingIsAway = true
    try {
      const { page } = await stage.open(`${memory(id, 'search')}?q=heron`)
      const archival = page.getByRole('region', { name: /^Archival/ })
      await archival.getByText('Found by words alone: what finds by meaning did not answer.').waitFor()
      expect(await archival.locator('.why').allInnerTexts()).toEqual(['1. has “heron”'])
      await page.goto(`${stage.url}${memory(id, 'search')}?q=walrus`)
      await archival.getByText('No passage has any of these words.').waitFor()
      expect(await findingsOf(page)).toEqual([])
    } finally {
      embeddingIsAway = false
    }
  })

  test('take a passage of a person, who corrects, supersedes and deletes it [web:page archival:person]', async () => {
    const id = await agent('archival')
    const { page } = await stage.open(memory(id, 'search'))
    const archival = page.getByRole('region', { name: /^Archival/ })
    await archival.getByRole('button', { name: 'Add a passage' }).click()
    await archival.getByRole('textbox', { name: 'A new passage' }).fill('The mooring costs 40.')
    await archival.getByRole('textbox', { name: /^Tags/ }).fill('boats, cost')
    await archival.getByRole('button', { name: 'Add', exact: true }).click()
    await archival.getByText('by person').waitFor()
    await archival.getByRole('button', { name: 'Edit' }).click()
    await archival.getByRole('textbox', { name: 'What it says' }).fill('The mooring costs 45.')
    await archival.getByRole('button', { name: 'Correct it' }).click()
    await archival.getByText('Corrected by person').waitFor()
    await archival.getByRole('button', { name: 'Supersede' }).click()
    await archival.getByRole('textbox', { name: /^What holds now/ }).fill('The mooring costs 60.')
    await archival.getByRole('button', { name: 'Supersede it' }).click()
    await archival.getByText('The mooring costs 60.').waitFor()
    expect(await stage.agents.client.passages(id)).toMatchObject([{ text: 'The mooring costs 60.', tags: ['boats', 'cost'] }])
    await archival.getByRole('checkbox').check()
    await archival.getByText('It was superseded').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await archival.getByRole('checkbox').uncheck()
    await archival.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
    await archival.getByText('Nothing was put away yet.').waitFor()
    expect(await stage.agents.client.passages(id)).toEqual([])
  })

  test('leave the keyboard at the next passage when one is deleted, and at the heading after the last one [web:page]', async () => {
    const id = await agent('archival-keys')
    for (const text of ['The first.', 'The second.']) await stage.agents.client.insertPassage(id, text)
    const { page } = await stage.open(memory(id, 'search'))
    const archival = page.getByRole('region', { name: /^Archival/ })
    const card = (text: string) => archival.getByRole('listitem').filter({ hasText: text })
    const standsAt = () => page.evaluate("document.activeElement.closest('li')?.textContent ?? document.activeElement.textContent")
    const press = async (name: string): Promise<void> => {
      await page.getByRole('dialog').getByRole('button', { name }).focus()
      await page.keyboard.press('Enter')
    }
    await card('The second.').getByRole('button', { name: 'Delete' }).press('Enter')
    await press('Keep it')
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Delete')
    await page.keyboard.press('Enter')
    await press('Delete for good')
    await card('The second.').waitFor({ state: 'detached' })
    await expect.poll(standsAt).toContain('The first.')
    await card('The first.').getByRole('button', { name: 'Delete' }).press('Enter')
    await press('Delete for good')
    await archival.getByText('Nothing was put away yet.').waitFor()
    await expect.poll(standsAt).toContain('Archival: what was put away')
  })

  test('take a pasted text as it is: what is too long is said to be, and not cut; the keyboard comes back to where a form was opened [web:page archival:person]', async () => {
    const id = await agent('pasted', [])
    const { page } = await stage.open(memory(id, 'search'))
    const add = page.getByRole('button', { name: 'Add a passage' })
    await add.focus()
    await page.keyboard.press('Enter')
    // As a browser pastes.
    await page.keyboard.insertText('x'.repeat(8_001))
    await page.getByText('8,001 of 8,000 characters: 1 too many').waitFor()
    expect(await page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true)
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('by person').waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent')
    await expect.poll(focused).toBe('Add a passage')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Edit')
    await page.goto(stage.url + memory(id))
    await block(page, 'human').getByRole('button', { name: /^Edit/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('By keys')
    await block(page, 'human').getByRole('button', { name: 'Save' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('Edit human')
  })

  test('are corrected by a person only as they saw them: what somebody else has made of a passage is shown, and the person’s text stays [web:page archival:person]', async () => {
    const { client } = stage.agents
    const id = await agent('corrected')
    const { op } = await client.insertPassage(id, 'The mooring costs 40.', { tags: ['boats'] })
    const { page } = await stage.open(memory(id, 'search'))
    const archival = page.getByRole('region', { name: /^Archival/ })
    await archival.getByRole('button', { name: 'Edit' }).click()
    const field = archival.getByRole('textbox', { name: 'What it says' })
    await field.fill('The mooring costs 45.')
    // One key loses nothing that was typed.
    await page.keyboard.press('Escape')
    const leaves = (): Promise<boolean> => page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    await expect.poll(leaves).toBe(false)
    await client.editPassage(id, op, 'The mooring costs 40 in May.', { by: 'Bea', tags: ['boats', 'costs'] })
    // Looked for anew, the passage might not be among those that are found: its card stays with what was typed.
    await page.route(/\/passages\?/, (route) => route.fulfill({ json: { passages: [] } }))
    await archival.getByRole('button', { name: 'Correct it' }).click()
    await archival.getByText('passage-conflict').waitFor()
    await archival.getByText('Meanwhile it was edited by Bea').waitFor()
    expect(await textsOf(page, '.meanwhile .diff ins')).toEqual(['40 in May.', 'boats, costs'])
    expect(await field.inputValue()).toBe('The mooring costs 45.')
    expect((await client.passage(id, op)).text).toBe('The mooring costs 40 in May.')
    expect(await findingsOf(page)).toEqual([])
    await page.unroute(/\/passages\?/)
    await archival.getByRole('button', { name: 'Correct over theirs' }).click()
    await archival.getByText('Corrected by person').waitFor()
    await expect.poll(leaves).toBe(true)
    // Her tags stay: the person has touched the text alone.
    expect(await client.passage(id, op)).toMatchObject({ text: 'The mooring costs 45.', tags: ['boats', 'costs'] })
    await archival.getByRole('button', { name: 'Delete' }).click()
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Keep it')
  })

  test('say which words they have also in scripts without blanks [web:page archival:insert-search]', async () => {
    const id = await agent('scripts')
    await stage.agents.client.insertPassage(id, '我的船在港口。')
    const { page } = await stage.open(`${memory(id, 'search')}?q=港口`)
    const archival = page.getByRole('region', { name: /^Archival/ })
    await archival.getByText('1. has “港”, “口”').waitFor()
    expect(await archival.locator('mark').allInnerTexts()).toEqual(['港', '口'])
  })

  test('show what others have written as text, also right-to-left marks [web:page]', async () => {
    const id = await agent('hostile')
    await stage.agents.client.insertPassage(id, '<img src=x onerror="document.title=1"> \u202egnp.exe')
    await stage.agents.client.editBlock(id, 'human', '<script>document.title=1</script> ![x](https://example.org/x.png)')
    const { page } = await stage.open(memory(id, 'search'))
    await page.getByText('<img src=x onerror="document.title=1"> ⟨U+202E⟩gnp.exe').waitFor()
    await page.getByRole('link', { name: 'Core memory' }).click()
    await page.getByText('<script>document.title=1</script>').waitFor()
    expect(await page.title()).toBe('hostile: Memory · Perdure')
  })
})

describe('documents', () => {
  test('are loaded, say how far they are and what they became, and are taken out [web:page documents:load]', async () => {
    const id = await agent('documents')
    const { page } = await stage.open(memory(id, 'documents'))
    await page.getByText('It has no documents.').waitFor()
    const tides = Array.from({ length: 60 }, (_, index) => `On day ${index} the tide came at ${index} o'clock, and the boats lay in the harbour until the evening.`).join('\n\n')
    await page.locator('input[type=file]').setInputFiles([{ name: 'tides.md', mimeType: 'text/markdown', buffer: Buffer.from(tides) }])
    const card = page.getByRole('listitem').filter({ hasText: 'tides.md' }).filter({ hasText: 'loaded' }).filter({ hasText: 'Take it out' })
    await card.getByRole('button', { name: 'Show its passages' }).click()
    await card.getByText('On day 0 the tide').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await card.getByRole('button', { name: 'Take it out' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take it out' }).click()
    await page.getByText('It has no documents.').waitFor()
    // What had the keyboard is gone.
    await expect.poll(() => page.evaluate('document.activeElement.localName')).toBe('h1')
    expect((await stage.agents.client.documents(id)).total).toBe(0)
  })
})

describe('a tab that nobody has looked at', () => {
  test('gives its connection back, and has what was said and written meanwhile when somebody looks again [web:page]', async () => {
    const { client } = stage.agents
    models.give('unwatched', [say('While you were away.')])
    await client.create({ id: 'unwatched', model: 'unwatched' })
    const { page } = await stage.open('/agents/unwatched/memory')
    const human = block(page, 'human')
    await human.waitFor()
    const look = (hidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} }); document.dispatchEvent(new Event('visibilitychange'))`)
    const cut = page.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('/events'), timeout: 10_000 })
    await look(true)
    await cut
    await client.editBlock('unwatched', 'human', 'Written meanwhile')
    expect(await human.innerText()).not.toContain('Written meanwhile')
    await look(false)
    await human.getByText('Written meanwhile').waitFor()
    await client.send('unwatched', 'Hello?')
    await page.getByRole('link', { name: 'Chat' }).click()
    await page.locator('.reply').getByText('While you were away.').waitFor()
    expect(await page.locator('.question').count()).toBe(1)
  })
})
