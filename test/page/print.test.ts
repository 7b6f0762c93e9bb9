import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { defineAgent, definitionDigest } from '../../src/definition/define-agent.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)
const agents = 160
const messages = 400

beforeAll(async () => {
  if ('unavailable' in inject('browser')) return
  const { client, stores } = stage.agents
  for (let index = 0; index < agents; index += 1) {
    const definition = defineAgent({ id: `paper-${String(index).padStart(3, '0')}`, model: 'none' })
    await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date(1_700_000_000_000).toISOString(), creation: 'test' })
  }
  const said = Array.from({ length: messages }, (_, index) => ({ role: index % 2 === 0 ? ('user' as const) : ('assistant' as const), text: `Sentence ${index}.`, at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
  await client.importConversation({ id: 'printed', model: 'none' }, said)
})

/** What a person would hold in their hands. */
async function paperOf(page: Page): Promise<string> {
  const { numPages, getPage } = await getDocument({ data: new Uint8Array(await page.pdf()), verbosity: 0 }).promise.then((pdf) => ({ numPages: pdf.numPages, getPage: pdf.getPage.bind(pdf) }))
  const texts: string[] = []
  for (let number = 1; number <= numPages; number += 1) {
    const { items } = await (await getPage(number)).getTextContent()
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join(' '))
  }
  return texts.join(' ').replace(/\s+/g, ' ')
}

const inOrder = (found: readonly number[]): boolean => found.every((number, index) => index === 0 || number === (found[index - 1] ?? 0) + 1)

describe('on paper', () => {
  test('stand all agents that are loaded, however far they are from what one sees, and that there are more [web:page]', async () => {
    const { page } = await stage.open('/?name=paper-', { height: 500 })
    await page.getByRole('link', { name: 'paper-000' }).waitFor()
    const more = await paperOf(page)
    expect(more).toContain('There are more agents than these: they were not loaded, and so are not printed.')
    await page.evaluate("document.querySelector('.sheet').scrollBy(0, 3000)")
    for (let at = 0; at < 30 && (await page.getByText('Loading…').count()) > 0; at += 1) {
      await page.evaluate("document.querySelector('.sheet').scrollTo(0, 1e9)")
      await page.waitForTimeout(200)
    }
    await page.evaluate("document.querySelector('.sheet').scrollTo(0, 0)")
    await page.getByRole('link', { name: 'paper-000' }).waitFor()
    // On the screen only what is near is drawn.
    expect(await page.getByRole('link', { name: 'paper-159' }).count()).toBe(0)
    const all = await paperOf(page)
    expect(new Set(all.match(/paper-\d{3}/g)).size).toBe(agents)
    expect(all).not.toContain('There are more agents than these')
    await expect.poll(() => page.getByRole('link', { name: 'paper-159' }).count()).toBe(0)
  })

  test('stands all of a conversation that is loaded, and what is missing of it; in dark letters, whatever colours the screen has [web:page]', async () => {
    const { page } = await stage.open('/agents/printed/chat', { dark: true })
    await page.getByText(`Sentence ${messages - 1}.`).waitFor()
    const text = await paperOf(page)
    expect(text).toContain('What was said before this was not loaded, and so is not printed.')
    const printed = [...new Set([...text.matchAll(/Sentence (\d+)\./g)].map(([, number]) => Number(number)))]
    expect(printed.length).toBeGreaterThan(20)
    expect(inOrder(printed)).toBe(true)
    expect(printed.at(-1)).toBe(messages - 1)
    expect(text).not.toContain('Earlier messages')
    await page.getByRole('button', { name: /^Colours/ }).click()
    await page.getByRole('button', { name: /^Colours: light/ }).click()
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('getComputedStyle(document.documentElement).color')).toBe('rgb(29, 35, 33)')
    // To the first: there what comes later is missing.
    await page.emulateMedia({ media: null })
    await page.evaluate("document.querySelector('.scroller').scrollTo(0, 0)")
    await page.getByRole('button', { name: 'To the first' }).click()
    await page.getByText('Sentence 0.').waitFor()
    const first = await paperOf(page)
    expect(first).toContain('What was said after this was not loaded, and so is not printed.')
    expect(first).not.toContain('What was said before this')
  })
})
