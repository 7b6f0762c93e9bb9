import { expect, test } from 'vitest'
import { say } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { makeKey } from './support/held-key.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model, { askKeys: true })

test('a key that is refused in the middle of work is asked for over the view: what was written stays, and what waited is done once [web:page http:keys]', async () => {
  const { client } = stage.agents
  await client.create({ id: 'rekeyed', model: 'none', human: 'Has a boat.' })
  const first = await makeKey(client, 'first')
  const { page } = await stage.open('/agents/rekeyed/memory')
  await page.getByLabel('Access key').fill(first.key)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Edit human' }).click()
  const field = page.getByLabel('What is in human')
  await field.fill('Has a boat, and a house.')
  const second = await makeKey(client, 'second')
  await first.revoke(stage.url)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Another access key, please' })
  await dialog.waitFor()
  expect(await findingsOf(page)).toEqual([])
  // A wrong one takes nothing away, and asks no less.
  await dialog.getByLabel('Access key').fill(first.key)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByText('The server refuses that key').waitFor()
  expect(await field.inputValue()).toBe('Has a boat, and a house.')
  await dialog.getByLabel('Access key').fill(second.key)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  // The very save that was refused, without another click.
  await field.waitFor({ state: 'detached' })
  await page.getByText('Has a boat, and a house.').waitFor()
  expect((await client.blockHistory('rekeyed', 'human', 10)).filter(({ value }) => value === 'Has a boat, and a house.')).toHaveLength(1)
})

test('whoever has no key at hand goes on reading and copying, and gives one later [web:page http:keys]', async () => {
  const { client } = stage.agents
  models.give('of-later', [say('You are back.')])
  await client.create({ id: 'keyed-later', model: 'of-later' })
  const first = await makeKey(client, 'before')
  const { page } = await stage.open('/agents/keyed-later/chat', { width: 360, dark: true })
  await page.getByLabel('Access key').fill(first.key)
  await page.getByRole('button', { name: 'Go on' }).click()
  const field = page.getByRole('textbox', { name: /^Message/ })
  await field.fill('Am I?')
  const second = await makeKey(client, 'after')
  await first.revoke(stage.url)
  await field.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Another access key, please' })
  await dialog.waitFor()
  expect(await findingsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByText('The server wants an access key.').waitFor()
  expect(await findingsOf(page)).toEqual([])
  // What was not taken says so, and stays to be sent.
  await page.getByRole('button', { name: 'Send again' }).waitFor()
  await field.fill('A draft.')
  await page.getByRole('button', { name: 'Give a key' }).click()
  await dialog.getByLabel('Access key').fill(second.key)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect(await field.inputValue()).toBe('A draft.')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.locator('.reply').getByText('You are back.').waitFor()
  const { messages } = await client.searchRecall('keyed-later', { conversation: true, limit: 20, offset: 0 })
  expect(messages.filter(({ kind }) => kind === 'user-message')).toHaveLength(1)
})

test('another tenant’s key begins anew, once what was written may go: nothing of one tenant is saved at another [web:page http:keys]', async () => {
  const { client, clientOf } = stage.agents
  await client.create({ id: 'of-one-tenant', model: 'none' })
  const first = await makeKey(client, 'of the first')
  const { key: other } = await clientOf('acme').createAccessKey({ name: 'of acme', scopes: ['admin'] })
  const { page } = await stage.open('/agents/of-one-tenant/memory')
  await page.getByLabel('Access key').fill(first.key)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Edit human' }).click()
  const field = page.getByLabel('What is in human')
  await field.fill('A secret.')
  await first.revoke(stage.url)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Another access key, please' })
  await dialog.getByLabel('Access key').fill(other)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.getByRole('button', { name: 'Stay' }).click()
  await question.waitFor({ state: 'detached' })
  expect(await field.inputValue()).toBe('A secret.')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await page.getByText('There is no agent “of-one-tenant”').waitFor()
  expect((await client.blocks('of-one-tenant')).some(({ value }) => value === 'A secret.')).toBe(false)
})
