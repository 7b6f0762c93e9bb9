import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readPage } from '../../../src/server/page.ts'
import { say } from '../../../src/testing.ts'
import { inWorld } from '../../faults/support/world.ts'
import { served } from '../../support/served.ts'
import { startBrowser, visit } from '../support/browser.ts'
import { recordAnswers, type Shown } from '../support/recorded.ts'

let browser: Browser
beforeAll(async () => {
  if (!('unavailable' in inject('browser'))) browser = await startBrowser()
})
afterAll(async () => {
  if (!('unavailable' in inject('browser'))) await browser.close()
})

const thoughts = 'She has come back.'
const reply = `Good morning, Ada! ${'How is the engine, and how are you today? '.repeat(8)}😀`

const replies = (page: Page) => page.locator('.reply:not(.growing)')
const growing = (page: Page) => page.locator('.reply.growing')

/** Never two answers at once, never anything but a beginning of the one; each time it is begun anew, from its beginning. */
function expectOneAnswer(seen: readonly Shown[], begun: number): void {
  for (const { writes, says } of seen) {
    expect(writes.length + says.length).toBeLessThanOrEqual(1)
    for (const text of writes) expect(reply.startsWith(text.trimEnd()), text).toBe(true)
    for (const text of says) expect(text).toBe(reply)
  }
  const lengths = seen.map(({ writes: [text = ''] }) => text.length)
  expect(lengths.filter((length, index) => length > 0 && (lengths[index - 1] ?? 0) === 0)).toHaveLength(begun)
  expect(seen.at(-1)).toEqual({ writes: [], says: [reply] })
}

describe('a worker that is killed while the model writes', () => {
  test('leaves what was written on the page until it is begun anew; then it stands there once, as it is stored, in every tab and after a reload [web:page live:text]', { timeout: 300_000 }, async () => {
    // Long enough for somebody to look, and for another worker to start.
    let pauseMs = 250
    await inWorld({ moves: () => [say(reply, { thoughts })], writingPauseMs: () => pauseMs }, async (world) => {
      const { client, agentId } = world
      const page = readPage(inject('pageFolder'))
      if (page === undefined) throw new Error('the page is not built')
      const server = await served(client, { page })
      const url = `${server.url}/agents/${agentId}/chat`
      const first = await visit(browser, { url })
      const second = await visit(browser, { url, context: first.context })
      try {
        const worker = await world.startWorker()
        for (const one of [first, second]) await one.page.getByText('Nothing was said yet').waitFor()
        const seen = await Promise.all([first, second].map((one) => recordAnswers(one.page)))
        await first.page.bringToFront()
        await first.page.getByRole('textbox', { name: /^Message/ }).fill('Good morning!')
        await first.page.keyboard.press('Enter')
        for (const one of [first, second]) await growing(one.page).getByText('Good morning, Ada! How is').waitFor()
        // Who comes now finds what was written so far.
        const late = await visit(browser, { url, context: first.context })
        await growing(late.page).getByText('Good morning, Ada! How is').waitFor()
        await late.close()
        pauseMs = 15
        await worker.kill()
        const left = await growing(first.page).innerText()
        expect(left).toContain('Good morning, Ada! How is')
        await first.page.waitForTimeout(1_500)
        expect(await growing(first.page).innerText()).toContain(left)
        await world.startWorker()
        for (const one of [first, second]) await replies(one.page).getByText('😀').waitFor({ timeout: 120_000 })
        for (const [index, one] of [first, second].entries()) {
          await expect.poll(() => one.page.locator('.stand.running').count()).toBe(0)
          expectOneAnswer((await seen[index]?.()) ?? [], 2)
        }
        const stored = await client.searchRecall(agentId, { conversation: true, order: 'newest' })
        expect(stored.messages.map((message) => message.reply ?? message.text).toReversed()).toEqual(['Good morning!', reply])
        for (const one of [first, second]) {
          await one.page.reload()
          await replies(one.page).getByText('😀').waitFor()
          expect(await replies(one.page).allTextContents()).toEqual([reply])
          expect((await one.page.locator('.question').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['Good morning!'])
          expect(await one.page.locator('.thoughts').allTextContents()).toEqual([`Thought: ${thoughts}`])
          expect(await one.page.locator('.live').count()).toBe(0)
        }
        expect([...first.wrong, ...second.wrong]).toEqual([])
      } finally {
        await first.close()
        await server.close()
      }
    })
  })
})
