import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { call } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)

const question = (page: Page) => page.getByRole('dialog', { name: 'Leave without saving?' })
const pathOf = (page: Page): string => new URL(page.url()).pathname
const focused = (page: Page): Promise<string> => page.evaluate<string>('document.activeElement.textContent')

describe('what is written in a form and not saved', () => {
  test('is asked about before a link leaves it: it stays as it is, or goes [web:page]', async () => {
    await stage.agents.client.create({ id: 'left-by-link', model: 'none', human: 'Has a boat.' })
    const { page } = await stage.open('/agents/left-by-link/memory', { width: 360, dark: true })
    await page.getByRole('button', { name: 'Edit human' }).click()
    const field = page.getByLabel('What is in human')
    // Nothing is written yet.
    await page.getByRole('link', { name: 'Documents' }).click()
    await page.getByText('It has no documents.').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Edit human' }).click()
    await field.fill('Has two boats.')
    await page.getByRole('link', { name: 'Documents' }).click()
    await question(page).getByText('What you have written is not saved: block human.').waitFor()
    expect(await findingsOf(page)).toEqual([])
    // The one key that does no harm.
    await expect.poll(() => focused(page)).toBe('Stay')
    await page.keyboard.press('Enter')
    await question(page).waitFor({ state: 'detached' })
    expect(pathOf(page)).toBe('/agents/left-by-link/memory')
    expect(await field.inputValue()).toBe('Has two boats.')
    await expect.poll(() => focused(page)).toBe('Documents')
    // What shows the form all the same asks nothing.
    await page.getByRole('link', { name: 'Versions of persona' }).click()
    expect(pathOf(page)).toBe('/agents/left-by-link/memory/blocks/persona')
    await page.goBack()
    expect(await field.inputValue()).toBe('Has two boats.')
    await page.getByRole('link', { name: 'Agents' }).click()
    // However fast: the question is there as soon as the link was followed.
    await page.keyboard.press('Escape')
    await question(page).waitFor({ state: 'detached' })
    expect(await field.inputValue()).toBe('Has two boats.')
    await page.getByRole('link', { name: 'Agents' }).click()
    await question(page).getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByRole('heading', { name: 'Agents' }).waitFor()
    expect(pathOf(page)).toBe('/')
    await page.getByRole('link', { name: 'left-by-link' }).click()
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
  })

  test('is asked about by the way back and forth too, and whoever stays is where he was [web:page]', async () => {
    const { client } = stage.agents
    await client.create({ id: 'left-by-back', model: 'none' })
    const { page } = await stage.open('/agents/left-by-back/chat')
    await page.getByRole('link', { name: 'Definition' }).click()
    await page.getByRole('link', { name: 'Time' }).click()
    await page.goBack()
    await page.getByRole('button', { name: 'Edit instructions' }).click()
    const field = page.getByLabel('Instructions of its own')
    await field.fill('Be brief.')
    for (const step of ['back', 'forward'] as const) {
      await page.evaluate(`history.${step}()`)
      await question(page).getByText('instructions').waitFor()
      await question(page).getByRole('button', { name: 'Stay' }).click()
      await question(page).waitFor({ state: 'detached' })
      await expect.poll(() => pathOf(page)).toBe('/agents/left-by-back/definition')
      expect(await field.inputValue()).toBe('Be brief.')
    }
    await page.evaluate('history.back()')
    await question(page).getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    expect(pathOf(page)).toBe('/agents/left-by-back/chat')
    // The history is as long as it was: forth leads to where he came from.
    await page.goForward()
    await page.getByRole('button', { name: 'Edit instructions' }).waitFor()
    expect((await client.get('left-by-back'))?.definition.instructions ?? '').not.toContain('Be brief.')
  })

  test('in a dialog is not lost by one key; what was made goes on without a question [web:page]', async () => {
    const { page } = await stage.open('/')
    await page.getByRole('button', { name: 'New agent' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'New agent' }).click()
    await page.getByLabel(/^Name: small letters/).fill('made-after-all')
    await page.getByLabel(/^Persona/).fill('I keep the harbour.')
    await page.keyboard.press('Escape')
    await question(page).getByText('a new agent').waitFor()
    await question(page).getByRole('button', { name: 'Stay' }).click()
    await question(page).waitFor({ state: 'detached' })
    expect(await page.getByLabel(/^Persona/).inputValue()).toBe('I keep the harbour.')
    await page.evaluate("document.querySelector('dialog [type=submit]').click()")
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    expect(pathOf(page)).toBe('/agents/made-after-all/chat')
  })

  test('in a dialog is not lost by Escape however often it is pressed: a browser lets a page stop it once [web:page]', async () => {
    const { page } = await stage.open('/')
    await page.getByRole('button', { name: 'New agent' }).click()
    const persona = page.getByLabel(/^Persona/)
    await persona.fill('I keep the lighthouse.')
    for (let times = 0; times < 3; times += 1) {
      await page.keyboard.press('Escape')
      await question(page).getByText('a new agent').waitFor()
      await page.keyboard.press('Escape')
      await question(page).waitFor({ state: 'detached' })
      expect(await persona.isVisible()).toBe(true)
      expect(await persona.inputValue()).toBe('I keep the lighthouse.')
    }
    // Where nothing has the keyboard, the browser closes it, as a phone's way back does.
    for (let times = 0; times < 2; times += 1) {
      await page.evaluate('document.activeElement.blur()')
      await page.keyboard.press('Escape')
      await question(page).getByText('a new agent').waitFor()
      expect(await persona.inputValue()).toBe('I keep the lighthouse.')
      await question(page).getByRole('button', { name: 'Stay' }).press('Enter')
      await question(page).waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Escape')
    await question(page).getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'New agent' }).click()
    expect(await persona.inputValue()).toBe('')
  })

  test('is kept of a message, and not asked about; what is to become of a call is asked about [web:page]', async () => {
    const { client } = stage.agents
    models.give('of-waits', [call('core_memory_append', { label: 'human', content: 'A sailor.' })])
    await client.create({ id: 'left-in-chat', model: 'of-waits', approval: ['core_memory_append'] })
    await client.post('left-in-chat', 'I sail.')
    const { page } = await stage.open('/agents/left-in-chat/chat')
    const message = page.getByRole('textbox', { name: /^Message/ })
    await message.fill('Half a message')
    await page.getByLabel(/^Reason for a refusal/).waitFor()
    await page.getByRole('link', { name: 'Time' }).click()
    await page.getByText('The agent has no timer.').waitFor()
    await page.getByRole('link', { name: 'Chat', exact: true }).click()
    expect(await message.inputValue()).toBe('Half a message')
    await page.getByLabel(/^Reason for a refusal/).fill('Not yet')
    await page.getByRole('link', { name: 'Time' }).click()
    await question(page).getByText('the call of core_memory_append').waitFor()
    await question(page).getByRole('button', { name: 'Leave without saving' }).click()
    await page.getByText('The agent has no timer.').waitFor()
  })
})
