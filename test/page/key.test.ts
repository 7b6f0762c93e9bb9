import { expect, test } from 'vitest'
import { say } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { otherName } from './support/browser.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const give = models.give.bind(models)
const stage = useStage(models.model, { askKeys: true })

test('a server with keys is asked with a key, which is in no address, and stays where it was told to [web:page http:keys]', async () => {
  const { client } = stage.agents
  give('of-key', [say('You have the key.')])
  await client.create({ id: 'guarded', model: 'of-key' })
  const { key, accessKey: { id } } = await client.createAccessKey({ name: 'person', scopes: ['admin'] })
  const { page, context } = await stage.open('/agents/guarded/chat')
  await page.getByRole('heading', { name: 'An access key, please' }).waitFor()
  expect(await findingsOf(page)).toEqual([])
  const field = page.getByLabel('Access key')
  await field.fill('pdr_wrong_key')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('The server refuses that key').waitFor()
  // No request could carry it.
  await field.fill('pdr_“key”')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('This is no key').waitFor()
  // A blank that nobody sees comes along with what is copied.
  await field.fill(`${key}\u200B`)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('textbox', { name: /^Message/ }).fill('Hello?')
  await page.keyboard.press('Enter')
  await page.locator('.reply').getByText('You have the key.').waitFor()
  expect(page.url()).toBe(`${stage.url}/agents/guarded/chat`)
  await page.reload()
  await page.locator('.reply').getByText('You have the key.').waitFor()
  // Another tab has to ask, unless the key is to be remembered.
  const other = await stage.open('/', { context })
  await other.page.getByLabel('Access key').fill(key)
  await other.page.getByLabel('Remember it').check()
  await other.page.getByRole('button', { name: 'Go on' }).click()
  await other.page.getByRole('link', { name: 'guarded' }).waitFor()
  const third = await stage.open('/', { context })
  await third.page.getByRole('link', { name: 'guarded' }).waitFor()
  await third.page.getByRole('button', { name: 'Forget the key' }).click()
  await third.page.getByRole('heading', { name: 'An access key, please' }).waitFor()
  await client.revokeAccessKey(id)
})

test('over plain HTTP, from another machine, all of it works: what is written is sent, and code is copied [web:page]', async () => {
  const { client } = stage.agents
  give('of-plain', [say('Here:\n\n```\nmake\n```')])
  await client.create({ id: 'plain', model: 'of-plain' })
  const { key, accessKey: { id } } = await client.createAccessKey({ name: 'plain', scopes: ['admin'] })
  const { page } = await stage.open('/agents/plain/chat', { at: stage.url.replace('127.0.0.1', otherName) })
  await page.getByLabel('Access key').fill(key)
  await page.getByRole('button', { name: 'Go on' }).click()
  const field = page.getByRole('textbox', { name: /^Message/ })
  await field.fill('How?')
  expect(await page.evaluate('isSecureContext')).toBe(false)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Copy the code' }).click()
  // The button says so for a moment only; what is said aloud stays.
  await page.locator('[role=status].unseen').getByText('the code was copied.').waitFor({ state: 'attached' })
  await field.focus()
  await page.keyboard.press('Control+V')
  expect(await field.inputValue()).toBe('make')
  await client.revokeAccessKey(id)
})
