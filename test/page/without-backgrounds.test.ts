import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { call, say } from '../../src/testing.ts'
import { chat, useChats } from './support/chats.ts'
import { onElement } from './support/on-element.ts'

const { stage, agent } = useChats()

/** How a view is seen without backgrounds. */
const ways = [
  ['in somebody’s own colours', (page: Page) => page.emulateMedia({ forcedColors: 'active' })],
  ['on paper', (page: Page) => page.emulateMedia({ media: 'print' })],
] as const

test.each(ways)('%s what was added is told apart from what stays, and bars are seen [web:page]', async (way, take) => {
  const id = await agent(way === 'on paper' ? 'printed-bars' : 'forced-bars', [call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.')])
  await stage.agents.client.send(id, 'I like tea.')
  const { page } = await stage.open(chat(id))
  await take(page)
  await page.locator('.diff ins').getByText('Likes tea').waitFor()
  expect(await onElement(page, '.diff ins', '(one) => getComputedStyle(one).textDecorationLine')).toBe('underline')
  const keeps = (selector: string): Promise<unknown> => onElement(page, selector, '(one) => (({ forcedColorAdjust, printColorAdjust }) => [forcedColorAdjust, printColorAdjust])(getComputedStyle(one))')
  await page.goto(`${stage.url}/agents/${id}/context`)
  await page.locator('.bar .part').first().waitFor()
  const colours = await page.evaluate("[...document.querySelectorAll('.bar .part')].map((one) => getComputedStyle(one).backgroundColor)")
  expect(new Set(colours as string[]).size).toBeGreaterThan(2)
  expect(await keeps('.bar')).toEqual(['none', 'exact'])
  await page.goto(`${stage.url}/agents/${id}/time`)
  await page.locator('.track > span').first().waitFor()
  expect(await keeps('.track > span')).toEqual(['none', 'exact'])
})

test('in somebody’s own colours the view that is shown is told apart from the others by its line [web:page]', async () => {
  const id = await agent('forced-tabs', [say('Here.')])
  const { page } = await stage.open(`/agents/${id}/memory`)
  await page.getByRole('heading', { name: 'human' }).waitFor()
  await page.emulateMedia({ forcedColors: 'active' })
  for (const group of ['.tabs', '.parts']) {
    const line = (selector: string): Promise<unknown> => onElement(page, `${group} a${selector}`, '(one) => getComputedStyle(one).borderBottomColor')
    expect(await line('[aria-current]')).not.toEqual(await line(':not([aria-current])'))
  }
})
