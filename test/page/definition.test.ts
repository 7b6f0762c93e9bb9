import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { usualTools } from '../../page/src/definition/usual-tools.ts'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { say, type ScriptedStep } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { tooWide } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)

async function agent(id: string, input: Partial<AgentInput> = {}, steps: readonly ScriptedStep[] = []): Promise<string> {
  models.give(id, steps)
  await stage.agents.client.create({ model: id, ...input, id })
  return id
}

const definition = (id: string, part = ''): string => `/agents/${id}/definition${part}`
const section = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true })
const edit = (page: Page, what: string) => page.getByRole('button', { name: `Edit ${what}`, exact: true })
const save = (page: Page) => page.getByRole('button', { name: 'Save' })
const present = async (id: string) => {
  const found = await stage.agents.client.get(id)
  return { version: found?.version ?? 1, ...found?.definition }
}

const whole = {
  name: 'Ada’s clerk', description: 'Keeps the books.', tags: ['home', 'books'], metadata: { team: 'blue' }, contextWindow: 16_000, instructions: 'Be brief.', sampling: { temperature: 0.5 },
  approval: ['page_out'], clientTools: [{ name: 'open_door', description: 'Opens the door.', parameters: { type: 'object', properties: { door: { type: 'string' } } } }],
  blocks: [{ label: 'notes', description: 'What was noted.', limit: 700, readOnly: true }], budget: { steps: 9, dollars: 0.5 }, agentBudget: { tokens: 90_000 },
} satisfies Partial<AgentInput>

describe('the definition of an agent', () => {
  test.each([{ dark: false, width: 1_100 }, { dark: true, width: 360 }])('is shown, all of it, at a width of $width, dark: $dark [web:page definition:living]', async ({ dark, width }) => {
    const id = await agent(`shown-${width}`, whole)
    const { page } = await stage.open(definition(id), { dark, width })
    await section(page, 'Who it is').getByText('Keeps the books.').waitFor()
    const textOf = async (title: string): Promise<string> => (await section(page, title).innerText()).replace(/\s+/g, ' ')
    expect(await textOf('Who it is')).toMatch(/Ada’s clerk.*home ?books.*"team": "blue"/)
    expect(await textOf('Model and window')).toMatch(new RegExp(`${id}.*16,000.*0\\.7.*0\\.9.*0\\.5.*Temperature 0\\.5.*Not set: top-p, seed`))
    expect(await textOf('Instructions')).toMatch(/Be brief\. The agent may rewrite them no/)
    expect(await textOf('Tools and approvals')).toMatch(/send_message.*page_out asks first.*open_door.*for a week/)
    expect(await textOf('Tools of its callers')).toMatch(/open_door.*Opens the door\./)
    expect(await textOf('Blocks')).toMatch(/notes only people may write it.*What was noted\..*At most 700 characters/)
    expect(await textOf('Budgets')).toMatch(/Steps of a turn 9 .*Dollars of a turn 0\.5 .*Tokens of its whole life 90,000.*So far it has used 0 tokens/)
    expect(await tooWide(page)).toEqual([])
    expect(await findingsOf(page)).toEqual([])
    for (const what of ['who it is', 'model and window', 'instructions', 'tools and approvals', 'open_door', 'notes', 'budgets']) await edit(page, what).click()
    await page.getByRole('button', { name: 'Attach blocks' }).click()
    expect(await tooWide(page)).toEqual([])
    expect(await findingsOf(page)).toEqual([])
  })

  test('is changed by keyboard alone, and only in what was written [web:page definition:living]', async () => {
    const id = await agent('typed', { metadata: { team: 'blue' }, sampling: { temperature: 0.5, seed: 7 } })
    const { page } = await stage.open(definition(id))
    await edit(page, 'who it is').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('The clerk')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Keeps the books.')
    await page.keyboard.press('Tab')
    await page.keyboard.type('home, books')
    await page.keyboard.press('Enter')
    await section(page, 'Who it is').getByText('The clerk').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Edit who it is')
    expect(await present(id)).toMatchObject({ version: 2, name: 'The clerk', description: 'Keeps the books.', tags: ['home', 'books'], metadata: { team: 'blue' } })
    await edit(page, 'model and window').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Temperature').fill('')
    await page.getByLabel('Top-p').fill('0.9')
    await page.getByLabel('Context window').fill('20,000')
    await page.keyboard.press('Enter')
    await section(page, 'Model and window').getByText('20,000').waitFor()
    expect(await present(id)).toMatchObject({ version: 3, contextWindow: 20_000, sampling: { topP: 0.9, seed: 7 } })
    expect((await stage.agents.client.compareDefinitions(id, { before: 2 })).map(({ field }) => field)).toEqual(['contextWindow', 'sampling.temperature', 'sampling.topP'])
    // Escape leaves what nobody has written in, and nothing else.
    await edit(page, 'budgets').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Edit budgets')
    await page.keyboard.press('Enter')
    await page.keyboard.type('0')
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('Steps of a turn').inputValue()).toMatch(/0$/)
  })

  test('that can’t be so is said at its field, and at the form with the code of the server; what was written stays [web:page definition:living]', async () => {
    const id = await agent('refused')
    const { page } = await stage.open(definition(id))
    const field = (label: string) => page.getByRole('textbox', { name: label })
    const described = async (label: string): Promise<string> => (await page.evaluate<string>(`[...document.querySelectorAll('[aria-invalid="true"]')].filter((one) => one.labels[0].innerText.trim() === ${JSON.stringify(label)}).map((one) => document.getElementById(one.getAttribute('aria-describedby').split(' ').at(-1)).innerText).join()`))
    await edit(page, 'model and window').click()
    await field('Context window').fill('many')
    await save(page).click()
    expect(await described('Context window')).toBe('This is a number, like 32000, 32,000 or 0.5.')
    // With a comma some write what is less than one: it would be another number.
    for (const written of ['0,5', '0,500']) {
      await field('Context window').fill(written)
      await save(page).click()
      expect(await described('Context window')).toBe('This is a number, like 32000, 32,000 or 0.5.')
    }
    await field('Context window').fill('1,000')
    await field('Reasoning effort').fill('very low')
    await save(page).click()
    await section(page, 'Model and window').getByText('invalid-argument').waitFor()
    await expect.poll(() => described('Context window')).toMatch(/2000/)
    expect(await described('Reasoning effort')).toMatch(/is a word/)
    expect(await page.evaluate('document.activeElement.name')).toBe('contextWindow')
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    await edit(page, 'model and window').click()
    await field('Warn above').fill('0.95')
    await save(page).click()
    await expect.poll(() => described('Warn above')).toMatch(/must be below pressure.flush/)
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    await edit(page, 'tools and approvals').click()
    await field('Further tools of its worker').fill('no_such_tool')
    await save(page).click()
    await expect.poll(() => described('Further tools of its worker')).toMatch(/no_such_tool/)
    await section(page, 'Tools and approvals').getByText('tool-unknown').waitFor()
    expect(await field('Further tools of its worker').inputValue()).toBe('no_such_tool')
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    await page.getByRole('button', { name: 'Attach blocks' }).click()
    await field('Label').fill('two words')
    await page.getByRole('button', { name: 'Attach', exact: true }).click()
    await expect.poll(() => described('Label')).not.toBe('')
    await field('Label').fill('notes')
    await field('Limit').fill('0')
    await page.getByRole('button', { name: 'Attach', exact: true }).click()
    await expect.poll(() => described('Limit')).toMatch(/1/)
    expect((await present(id)).version).toBe(1)
  })

  test('that somebody else changes meanwhile is not written over unseen: the change is shown, and the person’s text stays [web:page definition:living]', async () => {
    const id = await agent('meanwhile', { instructions: 'Be brief.' })
    const { page } = await stage.open(definition(id))
    await edit(page, 'instructions').click()
    await page.getByLabel('Instructions of its own').fill('Be long.')
    await stage.agents.client.update(id, { instructions: 'Be brief, and kind.', description: 'Kind' }, { author: 'curie' })
    await save(page).click()
    await section(page, 'Instructions').getByText('definition-conflict').waitFor()
    await page.locator('.meanwhile').getByText('version 2').waitFor()
    expect(await page.locator('.meanwhile dt').allInnerTexts()).toEqual(['instructions', 'description'])
    expect((await present(id)).instructions).toBe('Be brief, and kind.')
    expect(await findingsOf(page)).toEqual([])
    expect(await page.getByLabel('Instructions of its own').inputValue()).toBe('Be long.')
    await save(page).click()
    await section(page, 'Instructions').getByText('Be long.').waitFor()
    expect(await present(id)).toMatchObject({ version: 3, instructions: 'Be long.', description: 'Kind' })
  })

  test('that somebody else changes meanwhile keeps what the person has not touched, of its tools too [web:page definition:living]', async () => {
    const id = await agent('toolbox', { tools: ['send_message'] })
    const { page } = await stage.open(definition(id))
    await edit(page, 'tools and approvals').click()
    await page.getByLabel('Asks first: send_message').check()
    await stage.agents.client.update(id, { tools: ['send_message', 'page_out'], answerWithinMs: 7_200_000 })
    await save(page).click()
    await page.locator('.meanwhile').getByText('version 2').waitFor()
    await save(page).click()
    await save(page).waitFor({ state: 'detached' })
    await section(page, 'Tools and approvals').getByText('asks first').waitFor()
    expect(await present(id)).toMatchObject({ version: 3, tools: ['send_message', 'page_out'], approval: ['send_message'], answerWithinMs: 7_200_000 })
  })

  test('has tools that are given and taken, and calls that a person has to approve [web:page definition:living]', async () => {
    expect(usualTools).toEqual(defaults.tools)
    const id = await agent('tooled')
    const { page } = await stage.open(definition(id))
    await edit(page, 'tools and approvals').click()
    await page.getByLabel('May call: page_out').uncheck()
    await page.getByLabel('Asks first: archival_memory_insert').check()
    await page.getByLabel('How long an approval').fill('2 h')
    await save(page).click()
    await edit(page, 'tools and approvals').waitFor()
    expect(await section(page, 'Tools and approvals').innerText()).toMatch(/archival_memory_insert\s+asks first/)
    expect(await present(id)).toMatchObject({ tools: defaults.tools.filter((name) => name !== 'page_out'), approval: ['archival_memory_insert'], answerWithinMs: 7_200_000 })
    await page.getByRole('button', { name: 'Add tools of its callers' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('open_door')
    await page.getByRole('textbox', { name: 'Description' }).fill('Opens the door.')
    await page.getByRole('textbox', { name: 'Parameters' }).fill('{ "type": "object"')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('This is not JSON').waitFor()
    await page.getByRole('textbox', { name: 'Parameters' }).fill('{ "type": "object", "properties": { "door": { "type": "string" } } }')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await section(page, 'open_door').waitFor()
    await edit(page, 'open_door').click()
    await page.getByRole('textbox', { name: 'How long its result may take' }).fill('90 min')
    await save(page).click()
    await section(page, 'open_door').getByText('waited for 90 min').waitFor()
    expect((await present(id)).clientTools).toEqual([{ name: 'open_door', description: 'Opens the door.', parameters: { type: 'object', properties: { door: { type: 'string' } } }, answerWithinMs: 5_400_000 }])
    await page.getByRole('button', { name: 'Take away open_door' }).click()
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click()
    await section(page, 'Tools of its callers').getByText('It has none.').waitFor()
    expect((await present(id)).clientTools).toBeUndefined()
  })

  test('has blocks that are attached, changed, renamed and detached; one comes back with what was in it [web:page definition:living core:blocks]', async () => {
    const { client } = stage.agents
    const id = await agent('blocked')
    await client.editBlock(id, 'human', 'Name: Ada')
    const { page } = await stage.open(definition(id))
    await edit(page, 'human').click()
    await page.getByRole('textbox', { name: 'Limit' }).fill('900')
    await page.getByLabel('Only people may write it').check()
    await page.getByRole('textbox', { name: 'Label' }).fill('person')
    await save(page).click()
    await section(page, 'person').getByText('At most 900 characters').waitFor()
    expect((await client.blocks(id))[1]).toMatchObject({ label: 'person', limit: 900, readOnly: true, value: 'Name: Ada' })
    await page.getByRole('button', { name: 'Detach person', exact: true }).click()
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click()
    await section(page, 'person').waitFor({ state: 'detached' })
    for (const label of ['person', 'plans']) {
      await page.getByRole('button', { name: 'Attach blocks' }).click()
      await page.getByRole('textbox', { name: 'Label' }).fill(label)
      if (label === 'plans') await page.getByRole('textbox', { name: 'What it begins with' }).fill('None yet')
      await page.getByRole('button', { name: 'Attach', exact: true }).click()
      await section(page, label).waitFor()
    }
    expect((await client.blocks(id)).map(({ label, value }) => [label, value])).toEqual([['persona', expect.anything()], ['person', 'Name: Ada'], ['plans', 'None yet']])
  })

  test('has versions: who made each, what differs between any two, and the way back [web:page definition:living]', async () => {
    const { client } = stage.agents
    const id = await agent('versions', { instructions: 'Be brief.' })
    await client.update(id, { instructions: 'Be brief and kind.' }, { author: 'curie' })
    await client.update(id, { budget: { steps: 5 }, tags: ['home'] })
    const { page } = await stage.open(definition(id, '/versions'))
    await expect.poll(() => page.locator('.versions tbody tr').count()).toBe(3)
    expect((await page.locator('.versions tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').replace(/\d+:\d+/, 'TIME').trim())).toEqual(['3 TIME person in force', '2 TIME curie Go back to 2', '1 TIME creator Go back to 1'])
    await expect.poll(() => page.locator('.differences dt').allInnerTexts()).toEqual(['budget.steps', 'tags'])
    await page.getByRole('radio', { name: 'Compare from version 1' }).check()
    await expect.poll(() => page.locator('.differences dt').allInnerTexts()).toEqual(['instructions', 'budget.steps', 'tags'])
    expect(new URL(page.url()).pathname).toBe(definition(id, '/versions/1/3'))
    expect(await page.locator('.differences ins').allInnerTexts()).toEqual(['brief and kind.', '5', 'home'])
    expect(await findingsOf(page)).toEqual([])
    await page.reload()
    await page.getByText('What differs from version 1 to version 3').waitFor()
    await page.getByRole('button', { name: 'Go back to 1' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.versions tbody tr').count()).toBe(4)
    expect(await present(id)).toMatchObject({ version: 4, instructions: 'Be brief.', budget: { steps: defaults.budget.steps } })
  })

  test('of an archived agent is read, and not changed [web:page]', async () => {
    const id = await agent('at-rest', { description: 'It rests.' }, [say('Hello.')])
    await stage.agents.client.send(id, 'Hello?')
    await stage.agents.client.command(id, { type: 'archive', erase: false })
    const { page } = await stage.open(definition(id))
    await page.getByText('The agent is archived').waitFor()
    await page.getByText('It rests.').waitFor()
    expect(await page.getByRole('button', { name: /^(Edit|Attach|Detach|Add)/ }).count()).toBe(0)
  })
})
