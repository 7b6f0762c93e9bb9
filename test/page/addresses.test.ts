import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { defineAgent, definitionDigest } from '../../src/definition/define-agent.ts'
import { call, say } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { chat, replies, useChats } from './support/chats.ts'
import { isInSight } from './support/fits.ts'
import { onElement } from './support/on-element.ts'

const { stage, agent } = useChats()
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

describe('an address that leads nowhere', () => {
  test.each(['/nonsense', '/keys/x', '/agents/addressed/nonsense', '/agents/addressed/chat/first', '/agents/addressed/memory/nonsense', '/agents/addressed/definition/versions/x', '/agents/addressed/context/1', '/agents/addressed/time/1/1'])(
    '%s says so, shows nothing else in its place, and leads on [web:page]',
    async (address) => {
      const { page } = await stage.open(address)
      await expect.poll(() => heading(page).innerText()).toBe('There is nothing at this address')
      await page.locator('main code').getByText(address, { exact: true }).waitFor()
      expect(await page.title()).toBe('Nothing here · Perdure')
      expect(await findingsOf(page)).toEqual([])
      await page.getByRole('main').getByRole('link', { name: 'All agents' }).click()
      await expect.poll(() => heading(page).innerText()).toBe('Agents')
      await page.goBack()
      await expect.poll(() => heading(page).innerText()).toBe('There is nothing at this address')
    },
  )

  test('within an agent leads to the agent; a block of another label is said not to be there [web:page]', async () => {
    const id = await agent('labelled', [say('Yes.')])
    const { page } = await stage.open(`/agents/${id}/nonsense`)
    await page.getByRole('link', { name: `Chat with ${id}` }).click()
    await page.getByText('Nothing was said yet').waitFor()
    await page.goto(`${stage.url}/agents/${id}/memory/blocks/humans`)
    await page.getByText('It has no block “humans” now').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await page.goto(`${stage.url}/agents/${id}/memory/blocks/human`)
    await page.getByText('There is nothing in it.').waitFor()
    expect(await page.getByText('It has no block').count()).toBe(0)
  })
})

const scrollTo = (page: Page, selector: string, top: number): Promise<unknown> => onElement(page, selector, `(one) => one.scrollTo(0, ${top})`)
/** Which turn stands at the top of the conversation, and where. */
const turnAtTop = (page: Page): Promise<unknown> =>
  onElement(page, '.scroller', `(box) => {
    const top = box.getBoundingClientRect().top
    const turn = [...box.querySelectorAll('[data-part]')].find((one) => one.getBoundingClientRect().bottom > top + 1)
    return turn.dataset.part + ' at ' + Math.round(turn.getBoundingClientRect().top - top)
  }`)

describe('whoever comes back', () => {
  test('reads a conversation on where they were, also after a reload, and at its end who was at its end [web:page]', async () => {
    const { client } = stage.agents
    const id = 'come-back'
    const said = Array.from({ length: 400 }, (_, index) => ({ role: index % 2 === 0 ? ('user' as const) : ('assistant' as const), text: `Number ${index}. ${'And so on.\n'.repeat(1 + (index % 7))}`, at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
    await client.importConversation({ id, model: id }, said)
    const { page } = await stage.open(chat(id))
    await page.getByText('Number 399.').waitFor()
    const isAtEnd = '({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 2'
    await page.getByRole('link', { name: 'Memory', exact: true }).click()
    await page.getByText('characters').first().waitFor()
    await page.goBack()
    await expect.poll(() => page.locator('.scroller').count().then((count) => count > 0 && onElement(page, '.scroller', isAtEnd))).toBe(true)

    // So far up that the end is not loaded any more.
    for (let tries = 0; (await page.getByText('Number 60.').count()) === 0 && tries < 200; tries += 1) {
      await scrollTo(page, '.scroller', 0)
      await page.waitForTimeout(50)
    }
    await page.getByText('Number 60.').scrollIntoViewIfNeeded()
    await page.waitForTimeout(500)
    const before = await turnAtTop(page)
    await page.getByRole('link', { name: 'Definition', exact: true }).click()
    await page.getByText('So far it has used').waitFor()
    await page.goBack()
    await expect.poll(() => page.locator('.scroller').count().then((count) => count > 0 && turnAtTop(page))).toBe(before)
    await page.getByRole('link', { name: 'Agents', exact: true }).click()
    await expect.poll(() => heading(page).innerText()).toBe('Agents')
    await page.goBack()
    await expect.poll(() => page.locator('[data-part]').count().then((count) => count > 0 && turnAtTop(page))).toBe(before)
    await page.reload()
    await expect.poll(() => page.locator('[data-part]').count().then((count) => count > 0 && turnAtTop(page))).toBe(before)
    // A link begins anew: it says nothing of where one was.
    await page.getByRole('link', { name: 'Memory', exact: true }).click()
    await page.getByRole('link', { name: 'Chat', exact: true }).click()
    await page.getByText('Number 399.').waitFor()
    await expect.poll(() => onElement(page, '.scroller', isAtEnd)).toBe(true)
  })

  test('finds lists and views as far down as they left them, whatever has to be loaded for that [web:page]', async () => {
    const { memory } = stage.agents.stores
    for (let index = 0; index < 180; index += 1) {
      const definition = defineAgent({ id: `row-${String(index).padStart(3, '0')}`, model: 'none' })
      await memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date(1_700_000_000_000).toISOString(), creation: 'test' })
    }
    const id = await agent('row-150-talks', [call('core_memory_append', { label: 'human', content: 'x\n'.repeat(60) }, { heartbeat: true }), say('Noted.')])
    await stage.agents.client.send(id, 'Note this.')
    const { page } = await stage.open('/?name=row')
    const link = page.getByRole('link', { name: id, exact: true })
    for (let tries = 0; (await link.count()) === 0 && tries < 200; tries += 1) {
      await scrollTo(page, '.sheet', 1e6)
      await page.waitForTimeout(50)
    }
    await link.scrollIntoViewIfNeeded()
    await page.waitForTimeout(300)
    expect(await onElement(page, '.sheet', '(one) => one.scrollTop')).toBeGreaterThan(1_000)
    await link.click()
    await replies(page).waitFor()
    await page.goBack()
    // Rows that were not drawn yet may be a little higher or lower than they were.
    await link.waitFor()
    await expect.poll(() => isInSight(link)).toBe(true)

    await page.goto(`${stage.url}/agents/${id}/memory`)
    await page.getByText('characters').first().waitFor()
    await scrollTo(page, '.sheet', 400)
    await expect.poll(() => onElement(page, '.sheet', '(one) => one.scrollTop')).toBe(400)
    await page.getByRole('link', { name: 'Time', exact: true }).click()
    await page.getByText('Changes of blocks').waitFor()
    await page.goBack()
    await expect.poll(() => page.getByText('characters').count().then((count) => count > 0 && onElement(page, '.sheet', '(one) => one.scrollTop'))).toBe(400)
  })
})
