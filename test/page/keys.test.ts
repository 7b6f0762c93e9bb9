import { expect, test } from 'vitest'
import { findingsOf } from './support/accessible.ts'
import { tooWide } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model, { askKeys: true })

test('keys are made, shown once, listed and revoked; a key that may not is told so [web:page http:keys]', async () => {
  const { client } = stage.agents
  await client.create({ id: 'listed-by-keys', model: 'none' })
  const { page } = await stage.open('/')
  await page.getByRole('link', { name: 'Keys', exact: true }).click()
  expect(new URL(page.url()).pathname).toBe('/keys')
  await page.getByText('There is no key yet').waitFor()
  // The first one, by keyboard alone: it closes the server to whoever has none, and this page goes on with it.
  await page.getByRole('button', { name: 'New key' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('It is the first one').waitFor()
  await page.getByLabel('What it is for').focus()
  await page.keyboard.type('People here')
  expect(await page.getByRole('checkbox', { name: /^admin/ }).isChecked()).toBe(true)
  expect(await findingsOf(page)).toEqual([])
  await page.keyboard.press('Enter')
  const made = page.getByRole('region', { name: 'The new key' })
  await made.getByText('never again').waitFor()
  const first = await made.locator('.secret code').innerText()
  expect(first).toMatch(/^pdr_[0-9a-f]{16}_[0-9a-f]{64}$/)
  await page.getByRole('row').filter({ hasText: 'People here' }).filter({ hasText: '(this page’s)' }).waitFor()
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('The key “People here”')
  expect(await findingsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'I have it' }).click()
  await made.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(first)

  await page.getByRole('button', { name: 'New key' }).click()
  const send = page.getByRole('button', { name: 'Make the key' })
  await page.getByLabel('What it is for').fill('A reader')
  expect(await send.isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: /^agents:read/ }).check()
  await page.getByLabel(/^Last day/).fill('2020-01-01')
  await send.click()
  await page.getByRole('dialog').getByText('invalid-argument').waitFor()
  await page.getByLabel(/^Last day/).fill('2090-01-01')
  await send.click()
  const second = await made.locator('.secret code').innerText()
  await page.getByRole('button', { name: 'I have it' }).click()
  const [reader] = await client.accessKeys()
  expect(reader).toMatchObject({ name: 'A reader', scopes: ['agents:read'], expiresAt: expect.stringMatching(/^2090-01-0[12]T/) as string })

  const other = await stage.open('/keys', { width: 360, dark: true })
  await other.page.getByLabel('Access key').fill(second)
  await other.page.getByRole('button', { name: 'Go on' }).click()
  await other.page.getByText('may not see keys').waitFor()
  await other.page.getByText('scope-missing').waitFor()
  expect(await other.page.getByRole('button', { name: 'New key' }).count()).toBe(0)
  expect(await tooWide(other.page)).toEqual([])
  expect(await findingsOf(other.page)).toEqual([])

  await page.getByRole('button', { name: 'Revoke A reader' }).click()
  expect(await findingsOf(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke for good' }).click()
  await page.getByRole('row').filter({ hasText: 'A reader' }).getByText('revoked').waitFor()
  expect((await client.accessKeys())[0]?.revokedAt).toBeDefined()
  await page.getByRole('button', { name: 'Revoke People here' }).click()
  await page.getByRole('dialog').getByText('This page asks with this key').waitFor()
})
