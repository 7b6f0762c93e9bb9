import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { say } from '../../src/testing.ts'
import { makeKey } from './support/held-key.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model, { askKeys: true })

const keyDialog = (page: Page) => page.getByRole('dialog', { name: 'Another access key, please' })

/** Gives it at the beginning, or in the dialog over the view. */
const give = async (page: Page, key: string): Promise<void> => {
  await page.getByLabel('Access key', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Go on' }).click()
}

describe('while the page waits for another key', () => {
  test('whatever was to be read is there once there is one, however long that took [web:page http:keys]', async () => {
    const { client } = stage.agents
    await client.create({ id: 'read-later', model: 'none', human: 'Has a boat.' })
    const first = await makeKey(client, 'of-yesterday')
    const { page } = await stage.open('/agents/read-later/chat')
    await give(page, first.key)
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    const second = await makeKey(client, 'of-today')
    await page.clock.install()
    await first.revoke(stage.url)
    await page.getByRole('link', { name: 'Memory' }).click()
    await keyDialog(page).waitFor()
    // Longer than any answer is waited for, more than once.
    for (let times = 0; times < 3; times += 1) await page.clock.runFor('03:00')
    await give(page, second.key)
    await keyDialog(page).waitFor({ state: 'detached' })
    await page.getByText('Has a boat.').waitFor()
    expect(await page.getByRole('alert').allTextContents()).toEqual([])
  })

  test('a message is held, and whoever says Later is asked once [web:page http:keys]', async () => {
    const { client } = stage.agents
    models.give('of-once', [say('One.'), say('Two.')])
    await client.create({ id: 'asked-once', model: 'of-once' })
    const first = await makeKey(client, 'of-before')
    const { page } = await stage.open('/agents/asked-once/chat')
    await give(page, first.key)
    const field = page.getByRole('textbox', { name: /^Message/ })
    await field.waitFor()
    await page.clock.install()
    await first.revoke(stage.url)
    // The second is sent after the first only, which the way to the server holds up.
    let let1 = (): void => undefined
    const held = new Promise<void>((resolve) => (let1 = resolve))
    await page.route(/\/messages\?wait=/, async (route) => {
      await held
      await route.continue()
    }, { times: 1 })
    for (const text of ['First.', 'Second.']) {
      await field.fill(text)
      await field.press('Enter')
    }
    let1()
    await keyDialog(page).waitFor()
    await page.clock.runFor('00:30')
    await page.getByRole('button', { name: 'Later' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Send again' }).count()).toBe(2)
    await page.clock.runFor('00:30')
    expect(await keyDialog(page).count()).toBe(0)
    // Who wants one sent after all is asked.
    await page.getByRole('button', { name: 'Send again' }).first().click()
    await keyDialog(page).waitFor()
  })
})
