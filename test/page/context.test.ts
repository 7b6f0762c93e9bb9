import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const give = models.give.bind(models)
const stage = useStage(models.model)

async function agent(id: string, steps: readonly ScriptedStep[]): Promise<string> {
  give(id, steps)
  await stage.agents.client.create({ id, model: id, contextWindow: 8_000, instructions: 'Speak like a sailor.' })
  return id
}

const pictures = process.env['PERDURE_TEST_PICTURES']
async function picture(page: { screenshot(options: { path: string; fullPage: boolean }): Promise<unknown> }, name: string): Promise<void> {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

describe('the window', () => {
  test('is shown by section, as it is now and at any step of the past, each under an address of its own [web:page prompt:exact]', async () => {
    const { client } = stage.agents
    const id = await agent('windowed', [call('core_memory_append', { label: 'human', content: 'Likes tea, and boats that are blue' }, { heartbeat: true }), say('Noted.'), say('Aye.')])
    const { page } = await stage.open(`/agents/${id}/context`)
    await page.getByText('The model was not asked yet').waitFor()
    await client.send(id, 'I like tea.')
    // It goes on by itself.
    await page.getByRole('heading', { name: 'The prompt of turn 1, step 2' }).waitFor()
    const rows = page.locator('table.sections tbody th')
    await expect.poll(async () => (await rows.allInnerTexts()).map((text) => text.trim())).toEqual(['Instructions', 'Tools', 'Block persona', 'Block human', 'Around the blocks', 'Statistics', 'Messages', 'Room left'])
    const { tokens, usage } = await client.prompt(id, { turn: 1, step: 2 })
    const shown = async (name: string): Promise<number> => Number((await page.locator('table.sections tr', { hasText: name }).locator('td').first().innerText()).replaceAll(',', ''))
    expect(await shown('Block human')).toBeCloseTo(tokens.blocks['human'] ?? 0, -1)
    expect(await findingsOf(page)).toEqual([])
    await client.send(id, 'And boats?')
    await page.getByRole('heading', { name: 'The prompt of turn 2, step 1' }).waitFor()
    await picture(page, 'context-now')
    await page.getByLabel('Show the window').selectOption('turn 1, step 1 (event)')
    await page.getByRole('heading', { name: 'The prompt of turn 1, step 1' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/agents/${id}/context/1/1`)
    await page.getByRole('link', { name: 'Next step →' }).click()
    await page.getByRole('heading', { name: 'The prompt of turn 1, step 2' }).waitFor()
    expect(await page.locator('.window p strong').innerText()).toBe((usage?.promptTokens ?? 0).toLocaleString('en'))
    await page.reload()
    await page.getByRole('heading', { name: 'The prompt of turn 1, step 2' }).waitFor()
    expect(await findingsOf(page)).toEqual([])
    await picture(page, 'context-step')
    await page.getByRole('link', { name: 'Now' }).click()
    await page.getByRole('heading', { name: 'The prompt of turn 2, step 1' }).waitFor()
  })
})

describe('the window of an agent that was imported', () => {
  test('is not known before its first step, and nothing goes wrong for that [web:page prompt:exact]', async () => {
    const { client } = stage.agents
    give('imported', [say('Still here.')])
    await client.importConversation({ id: 'imported', model: 'imported' }, [{ role: 'user', text: 'Hello?', at: '2024-01-01T00:00:00Z' }, { role: 'assistant', text: 'Hello.', at: '2024-01-01T00:00:01Z' }])
    const { page } = await stage.open('/agents/imported/context')
    await page.getByText('The model was not asked yet').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await client.send('imported', 'Are you there?')
    await page.getByText('✓ The very prompt.').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})

describe('the prompt of a step', () => {
  test('is shown whole with the check of its digest, and says what changed since another step and how much of its beginning is the same [web:page prompt:exact]', async () => {
    const { client } = stage.agents
    const id = await agent('compared', [call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.'), say('Aye.'), say('Still here.')])
    await client.send(id, 'I like tea. <b>bold</b>')
    await client.send(id, 'And boats?')
    await client.update(id, { instructions: 'Speak like a captain.', tools: ['send_message'] })
    await client.send(id, 'Who are you?')
    const { page } = await stage.open(`/agents/${id}/context/2/1`, { width: 360 })
    await page.getByText('✓ The very prompt.').waitFor()
    await page.getByText('The beginning is the same:').waitFor()
    const told = await page.locator('.since > p').innerText()
    expect(told).toMatch(/^The beginning is the same: 4 messages of 7, about [\d,]+ tokens \(9\d %\)/)
    await expect.poll(() => page.locator('ol.prompt > li.shared').count()).toBe(4)
    expect(await page.locator('ol.prompt > li').first().innerText()).toContain('Speak like a sailor.')
    await page.locator('ol.prompt > li').nth(1).locator('summary').click()
    expect(await page.locator('ol.prompt > li').nth(1).innerText()).toContain('<b>bold</b>')
    expect(await findingsOf(page)).toEqual([])
    await picture(page, 'context-narrow')
    // With the one before the edit of the block.
    await page.getByLabel('Compared with').selectOption('turn 1, step 1 (event)')
    await page.getByRole('heading', { name: 'Since turn 1, step 1' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/agents/${id}/context/2/1/since/1/1`)
    expect(await page.locator('.since tr', { hasText: 'Block human' }).innerText()).toMatch(/version 2/)
    await page.getByText('Instructions and memory, what changed in them').click()
    expect((await page.locator('.since ins').allInnerTexts()).join(' ')).toContain('Likes tea')
    await page.goto(`${stage.url}/agents/${id}/context/3/1`)
    await page.getByText('The tools are others').waitFor()
    expect(await page.locator('.since tr', { hasText: 'Definition' }).innerText()).toMatch(/version 1.*version 2/s)
    await page.goto(`${stage.url}/agents/${id}/context/9/9`)
    await page.getByText('prompt-unknown').waitFor()
  })
})
