import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { defineAgent, definitionDigest } from '../../src/definition/define-agent.ts'
import { say } from '../../src/testing.ts'
import { isInSight } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)
const id = 'longest'
/** Drawn as a whole they would be several times as many elements as may be there. */
const messages = 3_000
/** Of a whole page: what is drawn of a conversation or a list does not grow with it. */
const mostElements = 9_000

/** Every seventh is as long as a screen: heights differ, as they do. */
const textOf = (index: number): string => `Number ${index}. ${index % 7 === 0 ? 'It went on, and on, and on.\n'.repeat(30) : 'And so it went.'}`

beforeAll(async () => {
  if ('unavailable' in inject('browser')) return
  const { client, stores } = stage.agents
  models.give(id, [say('More.'), say('And more.')])
  const said = Array.from({ length: messages }, (_, index) => ({ role: index % 2 === 0 ? ('user' as const) : ('assistant' as const), text: textOf(index), at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
  await client.importConversation({ id, model: id }, said)
  for (let index = 0; index < 2_000; index += 1) {
    const definition = defineAgent({ id: `many-${String(index).padStart(4, '0')}`, model: id })
    await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date(1_700_000_000_000).toISOString(), creation: 'test' })
  }
})

const elements = (page: Page): Promise<number> => page.evaluate<number>('document.querySelectorAll("*").length')
/** What stands at the top of the window, and where. */
async function atTop(page: Page): Promise<{ readonly part: string; readonly top: number }> {
  const part = await page.evaluate<string>(`(() => {
    const top = document.querySelector('.scroller').getBoundingClientRect().top
    return [...document.querySelectorAll('[data-part]')].find((one) => one.getBoundingClientRect().bottom > top + 1).dataset.part
  })()`)
  return { part, top: await topOf(page, part) }
}
/** As it is drawn: by a frame. Between two frames what was added above may not have been made up for. */
const topOf = (page: Page, part: string): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    const seen = new IntersectionObserver(([{ boundingClientRect, rootBounds }]) => {
      seen.disconnect()
      resolve(Math.round(boundingClientRect.top - rootBounds.top))
    }, { root: document.querySelector('.scroller') })
    seen.observe(document.querySelector('[data-part="${part}"]'))
  })`)

const farFromEnd = (page: Page): Promise<number> => page.evaluate<number>('(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector(".scroller"))')

describe('a conversation of thousands of messages', () => {
  test('is read upwards and downwards without a jump, and never drawn as a whole [web:page]', async () => {
    const { page } = await stage.open(`/agents/${id}/chat`)
    await page.getByText(`Number ${messages - 1}.`).waitFor()
    for (const direction of [-1, 1]) {
      for (let turns = 0; turns < 60; turns += 1) {
        const before = await atTop(page)
        // Not by the wheel: what that scrolls may come later than one looks.
        await page.evaluate(`document.querySelector('.scroller').scrollBy(0, ${direction * 300})`)
        await page.waitForTimeout(40)
        // What was at the top has moved by what was scrolled, whatever was loaded or measured above it meanwhile.
        const gone = await page.evaluate<boolean>(`document.querySelector('[data-part="${before.part}"]') === null`)
        expect(gone).toBe(false)
        const moved = (await topOf(page, before.part)) - before.top
        expect(Math.abs(moved)).toBeLessThanOrEqual(301)
        expect(Math.sign(moved)).not.toBe(direction)
      }
      expect(await elements(page)).toBeLessThan(mostElements)
    }
  }, 120_000)

  test('shows its first messages, and goes on from there to the last ones [web:page]', async () => {
    const { page } = await stage.open(`/agents/${id}/chat`)
    await page.getByText(`Number ${messages - 1}.`).waitFor()
    await page.evaluate('document.querySelector(".scroller").scrollTo(0, 0)')
    await page.getByRole('button', { name: 'To the first' }).click()
    await page.getByText('Number 0.').waitFor()
    expect((await atTop(page)).part).toBe('1')
    for (let tries = 0; (await page.getByText('Number 400.').count()) === 0 && tries < 1_000; tries += 1) {
      await page.evaluate('document.querySelector(".scroller").scrollBy(0, 2000)')
      await page.waitForTimeout(20)
    }
    expect(await page.getByText('Number 400.').count()).toBe(1)
    expect(await elements(page)).toBeLessThan(mostElements)
    await page.getByRole('button', { name: 'To the latest' }).click()
    await page.getByText(`Number ${messages - 1}.`).waitFor()
    await expect.poll(() => farFromEnd(page)).toBeLessThan(2)
  }, 60_000)

  test('is opened at any turn by its address, with what was before and after it [web:page]', async () => {
    const { page } = await stage.open(`/agents/${id}/chat/1234`)
    await page.getByRole('article', { name: 'Turn 1234', exact: true }).waitFor()
    await expect.poll(async () => (await atTop(page)).part).toMatch(/^123[34]$/)
    expect(await page.getByRole('article', { name: 'Turn 1233', exact: true }).count()).toBe(1)
    expect(await page.getByRole('article', { name: 'Turn 1235', exact: true }).count()).toBe(1)
    await page.goto(`${stage.url}/agents/${id}/chat/99999`)
    await page.getByText(`Number ${messages - 1}.`).waitFor()
    await expect.poll(() => isInSight(page.getByText('There is no turn 99999.'))).toBe(true)
  })

  test('keeps the place of whoever reads further up when something is said, and says that it was [web:page]', async () => {
    const { page } = await stage.open(`/agents/${id}/chat`)
    await page.getByText(`Number ${messages - 1}.`).waitFor()
    await page.mouse.move(500, 400)
    for (let turns = 0; turns < 10; turns += 1) {
      await page.mouse.wheel(0, -400)
      await page.waitForTimeout(60)
    }
    await page.getByRole('button', { name: 'To the latest' }).waitFor()
    await page.waitForTimeout(500)
    const before = await atTop(page)
    await stage.agents.client.send(id, 'Go on.')
    const news = page.getByRole('button', { name: 'New messages' })
    await news.waitFor()
    await expect.poll(() => page.getByText('Go on.').count()).toBe(1)
    expect(await atTop(page)).toEqual(before)
    await news.click()
    await page.locator('.reply').getByText('More.').waitFor()
    await news.waitFor({ state: 'detached' })
    // Whoever stands at the end stays there.
    await stage.agents.client.send(id, 'And then?')
    await page.locator('.reply').getByText('And more.').waitFor()
    await expect.poll(() => farFromEnd(page)).toBeLessThan(2)
  })
})

describe('a list of 2,000 agents', () => {
  test('is read to its end and back, and never drawn as a whole [web:page]', async () => {
    const { page } = await stage.open('/')
    await page.getByText('many-0010').waitFor()
    let most = 0
    for (let tries = 0; (await page.getByText('many-1999').count()) === 0 && tries < 400; tries += 1) {
      await page.evaluate('document.querySelector(".sheet").scrollBy(0, 4000)')
      await page.waitForTimeout(20)
      most = Math.max(most, await elements(page))
    }
    await page.getByText('many-1999').waitFor()
    expect(most).toBeLessThan(mostElements)
    await page.evaluate('document.querySelector(".sheet").scrollTo(0, 0)')
    await page.getByText('many-0000').waitFor()
    expect(await elements(page)).toBeLessThan(mostElements)
  }, 120_000)
})
