import { describe, expect, test } from 'vitest'
import { call, say } from '../../src/testing.ts'
import { isInSight } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)

describe('somebody without a manual', () => {
  test('makes an agent, talks to it, sees a fact appear in a block, corrects it, finds where it came from, sees the prompt that used it, and undoes it [web:page]', async () => {
    // The model of agents that name none.
    models.give('scripted', [call('core_memory_append', { label: 'human', content: 'Lives in Lisbon.' }, { heartbeat: true, thoughts: 'That is worth keeping.' }), say('Lisbon, then.'), say('You live in Porto.')])
    const { page } = await stage.open('/')
    const write = async (text: string): Promise<void> => {
      await page.getByRole('textbox', { name: /^Message/ }).fill(text)
      await page.getByRole('button', { name: 'Send' }).click()
    }
    const follow = (name: string | RegExp) => page.getByRole('link', { name }).first().click()

    await page.getByRole('button', { name: 'New agent' }).click()
    await page.getByLabel(/^Name:/).fill('companion')
    await page.getByRole('button', { name: 'Create and talk to it' }).click()
    await write('Hello, I live in Lisbon.')
    await page.locator('.reply:not(.growing)').getByText('Lisbon, then.').waitFor()
    expect(await page.locator('.diff ins').innerText()).toBe('Lives in Lisbon.')

    await follow('Correct it, or go back')
    const block = page.getByRole('region', { name: 'human' })
    await block.getByText('Lives in Lisbon.').first().waitFor()
    await block.getByRole('button', { name: 'Edit' }).click()
    await block.getByLabel('What is in human').fill('Lives in Porto.')
    await block.getByRole('button', { name: 'Save' }).click()
    await block.getByRole('button', { name: 'Go back to 2' }).waitFor()

    await follow('turn 1')
    await page.getByRole('article', { name: 'Turn 1' }).getByText('Hello, I live in Lisbon.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/agents/companion/chat/1')
    // All of it is in sight: nothing stands before it that would lead further down.
    expect(await isInSight(page.getByRole('link', { name: 'What the model saw in turn 1' }))).toBe(true)
    expect(await page.getByRole('button', { name: 'To the latest' }).count()).toBe(0)

    await write('Where do I live?')
    await page.locator('.reply:not(.growing)').getByText('You live in Porto.').waitFor()
    await follow('What the model saw in turn 2')
    await page.getByRole('region', { name: /^The prompt of/ }).getByText('Lives in Porto.').waitFor()
    await page.getByText('The very prompt.').waitFor()
    await page.getByText('The beginning is the same: the tools and a part of the first message, about').waitFor()

    await follow('Memory')
    await follow('Versions of human')
    await block.getByRole('button', { name: 'Go back to 2' }).click()
    await block.getByText('version 4').first().waitFor()
    expect((await stage.agents.client.blocks('companion')).find(({ label }) => label === 'human')?.value).toBe('Lives in Lisbon.')
  })
})
