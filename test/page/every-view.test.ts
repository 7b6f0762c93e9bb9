import { beforeAll, describe, expect, inject, test } from 'vitest'
import { call, say } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { isInSight, runOver, tooWide } from './support/fits.ts'
import { modelsByName } from './support/models.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)
const id = 'an-agent-with-a-name-as-long-as-names-of-agents-may-be-000000000'
const wide = 'harbour'.repeat(40)

beforeAll(async () => {
  if ('unavailable' in inject('browser')) return
  const { client } = stage.agents
  models.give(id, [call('core_memory_append', { label: 'human', content: wide }, { heartbeat: true }), say(`Noted: ${wide}\n\n\`\`\`\n${wide}\n\`\`\`\n\n| a | b |\n|---|---|\n| ${wide} | ${wide} |`), say('And this.')])
  await client.create({ id, model: id, name: wide.slice(0, 200), description: wide, tags: [wide.slice(0, 100)], metadata: { [wide]: wide }, instructions: wide, blocks: [{ label: 'human', limit: 5_000 }, { label: wide.slice(0, 100), value: wide }] })
  await client.send(id, wide)
  await client.insertPassage(id, `${wide} and its key`, { tags: [wide.slice(0, 100)] })
  await client.update(id, { instructions: `${wide}, ${wide}`, metadata: { team: wide } })
  await client.schedule(id, { id: 'tide', text: wide, afterMs: 3_600_000 })
  await client.send(id, 'And now?')
})

const views = [
  { name: 'the list of agents', path: '/', shows: /^\d+ messages$/ },
  { name: 'keys', path: '/keys', shows: 'There is no key yet' },
  { name: 'the chat', path: `/agents/${id}/chat`, shows: 'And this.' },
  { name: 'core memory', path: `/agents/${id}/memory/blocks/human`, shows: 'Compare from' },
  { name: 'the search of memory', path: `/agents/${id}/memory/search?q=${wide}`, shows: 'and its key' },
  { name: 'documents', path: `/agents/${id}/memory/documents`, shows: 'It has no documents.' },
  { name: 'the definition', path: `/agents/${id}/definition`, shows: 'So far it has used' },
  { name: 'its versions', path: `/agents/${id}/definition/versions`, shows: 'Compare from' },
  { name: 'the context', path: `/agents/${id}/context`, shows: 'The very prompt' },
  { name: 'time', path: `/agents/${id}/time`, shows: 'Inference' },
]

describe('every view', () => {
  test.each(views)('$name fits 360 pixels in dark colours and 1100 in light ones, by the rules of axe, whatever words are in it [web:page]', async ({ path, shows }) => {
    for (const { width, dark } of [{ width: 360, dark: true }, { width: 1_100, dark: false }]) {
      const { page } = await stage.open(path, { width, dark })
      await page.getByText(shows).first().waitFor()
      expect(await tooWide(page)).toEqual([])
      // What a row hides that is beyond its edge makes nothing scroll.
      expect(await runOver(page, '.tag, .word, .badge, button')).toEqual([])
      if (path === '/') expect(await isInSight(page.getByLabel(`What can be done with ${id}`))).toBe(true)
      expect(await findingsOf(page)).toEqual([])
    }
  })
})

describe('on paper', () => {
  test.each([['the chat', 'chat', '.scroller'], ['the context', 'context', '.sheet']])('%s is whole: nothing of it is out of sight [web:page]', async (_, view, box) => {
    const { page } = await stage.open(`/agents/${id}/${view}`, { height: 300 })
    await page.getByText(view === 'chat' ? 'And this.' : 'The very prompt').first().waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate<number[]>(`[document.querySelector('${box}')].map((one) => one.scrollHeight - one.clientHeight)`)).toEqual([0])
    expect(await page.evaluate<boolean>('document.documentElement.scrollHeight > 300')).toBe(true)
    expect(await page.getByRole('navigation', { name: 'Views of the agent' }).count()).toBe(0)
  })
})

describe('by keyboard alone', () => {
  test('somebody comes to an agent, tells it something, and reads the answer [web:page]', async () => {
    models.give('by-keys', [say('I hear you.')])
    await stage.agents.client.create({ id: 'by-keys', model: 'by-keys' })
    const { page } = await stage.open('/')
    await page.getByRole('link', { name: 'by-keys' }).waitFor()
    const focused = async (): Promise<string> => page.evaluate<string>('document.activeElement.textContent')
    for (let keys = 0; (await focused()) !== 'by-keys' && keys < 40; keys += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    for (let keys = 0; !(await page.evaluate<boolean>('document.activeElement.tagName === "TEXTAREA"')) && keys < 40; keys += 1) await page.keyboard.press('Tab')
    expect(await page.title()).toBe('by-keys: Chat · Perdure')
    await page.keyboard.type('Do you hear me?')
    await page.keyboard.press('Enter')
    await page.locator('.reply:not(.growing)').getByText('I hear you.').waitFor()
    // Another view is told to whoever does not see it.
    await page.getByRole('link', { name: 'Memory', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.locator('[role=status].unseen').getByText('by-keys: Memory').waitFor({ state: 'attached' })
    expect(await page.title()).toBe('by-keys: Memory · Perdure')
  })
})
