import { describe, expect, test } from 'vitest'
import { call, say } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { modelsByName } from './support/models.ts'
import { onElement } from './support/on-element.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const give = models.give.bind(models)
const stage = useStage(models.model)
const row = (name: string) => new RegExp(`^${name}`)

describe('the list of agents', () => {
  test('says of each how it stands, its last words, and what waits for somebody [web:page]', async () => {
    const { client } = stage.agents
    give('of-list', [say('Good evening.'), call('core_memory_append', { label: 'human', content: 'x' })])
    await client.create({ id: 'list-talks', model: 'of-list', tags: ['evening'] })
    await client.send('list-talks', 'Hello.')
    await client.create({ id: 'list-waits', model: 'of-list', name: 'The one who waits', approval: ['core_memory_append'] })
    await client.send('list-waits', 'Note this.')
    const { page } = await stage.open('/')
    const talks = page.getByRole('listitem').filter({ hasText: row('list-talks') })
    await talks.getByText('Good evening.').waitFor()
    await talks.getByText('3 messages').waitFor()
    await talks.getByText(/[\d.]+K? tokens/).waitFor()
    const waits = page.getByRole('listitem').filter({ hasText: 'The one who waits' })
    await waits.getByText('1 call waits for somebody: core_memory_append').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await talks.getByRole('button', { name: 'evening' }).click()
    await waits.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'list-talks' }).click()
    await page.getByText('Good evening.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/agents/list-talks/chat')
    await page.goBack()
    await talks.waitFor()
  })

  test('is loaded as one reads it, found by the beginning of a name and by status, however long it is [web:page]', async () => {
    const { client } = stage.agents
    await Promise.all(Array.from({ length: 70 }, (_, index) => client.create({ id: `many-${String(index).padStart(3, '0')}`, model: 'of-list' })))
    const { page } = await stage.open('/')
    const rows = page.getByRole('listitem')
    await rows.filter({ hasText: 'many-010' }).waitFor()
    expect(await rows.filter({ hasText: 'many-069' }).count()).toBe(0)
    await onElement(page, '.sheet', '(one) => one.scrollTo(0, 1e6)')
    await rows.filter({ hasText: 'many-060' }).waitFor()
    await onElement(page, '.sheet', '(one) => one.scrollTo(0, 0)')
    await rows.filter({ hasText: 'many-010' }).waitFor()
    await page.getByLabel('Name begins with').fill('many-01')
    await rows.filter({ hasText: 'many-020' }).waitFor({ state: 'detached' })
    await rows.filter({ hasText: 'many-015' }).waitFor()
    await expect.poll(() => rows.count()).toBe(10)
    await client.command('many-015', { type: 'archive', erase: false })
    await page.getByLabel('Status').selectOption('archived')
    await rows.filter({ hasText: 'many-014' }).waitFor({ state: 'detached' })
    await expect.poll(() => rows.count()).toBe(1)
  })
})

describe('the list of agents, while others make and delete some', () => {
  test('has each of them once, and loses none [web:page]', async () => {
    const { client } = stage.agents
    const { page } = await stage.open('/?name=place-')
    await Promise.all(Array.from({ length: 60 }, (_, index) => client.create({ id: `place-${String(index).padStart(3, '0')}`, model: 'of-list' })))
    await page.reload()
    const scroll = (top: number): Promise<unknown> => onElement(page, '.sheet', `(one) => one.scrollTo(0, ${top})`)
    const rows = page.getByRole('listitem')
    await rows.filter({ hasText: 'place-010' }).waitFor()
    await scroll(1e6)
    await rows.filter({ hasText: 'place-059' }).waitFor()
    await scroll(0)
    await rows.filter({ hasText: 'place-000' }).waitFor()
    /** All of them, however few are drawn at once; on a slow machine some may not be drawn yet when one looks. */
    const names = async (): Promise<readonly string[]> => {
      const found: string[] = []
      for (let top = 0; top <= 4_500; top += 450) {
        await scroll(top)
        await page.waitForTimeout(100)
        found.push(...(await rows.locator('.stretched').allTextContents()))
      }
      await scroll(0)
      return [...new Set(found)].toSorted()
    }
    await client.create({ id: 'place-', model: 'of-list' })
    await page.getByRole('link', { name: 'place-', exact: true }).waitFor({ timeout: 20_000 })
    await expect.poll(names).toEqual((await client.list({ limit: 1_000 })).agents.map(({ definition: { id } }) => id).filter((id) => id.startsWith('place-')).toSorted())
    // Drawn again, so that it is seen to go.
    await page.getByRole('link', { name: 'place-000', exact: true }).waitFor()
    await client.delete('place-000')
    await page.getByRole('link', { name: 'place-000', exact: true }).waitFor({ state: 'detached', timeout: 20_000 })
    const left = await rows.locator('.stretched').allTextContents()
    expect(new Set(left).size).toBe(left.length)
    await expect.poll(names).toHaveLength(60)
  })
})

describe('the keyboard, in the list of agents', () => {
  test('stays where it is when an agent is made before it, also at the edge of what is drawn together [web:page]', async () => {
    const { client } = stage.agents
    for (let index = 0; index < 25; index += 1) await client.create({ id: `focus-${String(index).padStart(2, '0')}`, model: 'of-list' })
    const { page } = await stage.open('/?name=focus-')
    const focused = () => page.evaluate('document.activeElement.textContent')
    // By tens: the last of the first, and the first of the second.
    for (const [id, made] of [['focus-09', 'focus-0'], ['focus-10', 'focus-00a']] as const) {
      await page.getByRole('link', { name: id, exact: true }).focus()
      await page.evaluate(`document.activeElement.seenBefore = '${id}'`)
      await client.create({ id: made, model: 'of-list' })
      await page.getByRole('link', { name: made, exact: true }).waitFor({ timeout: 20_000 })
      expect(await focused()).toBe(id)
      expect(await page.evaluate('document.activeElement.seenBefore')).toBe(id)
    }
    await client.delete('focus-00')
    await page.getByRole('link', { name: 'focus-00', exact: true }).waitFor({ state: 'detached', timeout: 20_000 })
    expect(await focused()).toBe('focus-10')
  })

  test('comes back from a question to what it was asked by, and goes on to the next agent, or to the heading, when one is deleted [web:page]', async () => {
    const { client } = stage.agents
    for (const id of ['deleted-one', 'deleted-two']) await client.create({ id, model: 'of-list' })
    const { page } = await stage.open('/?name=deleted-')
    const focused = () => page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent')
    const askToDelete = async (id: string): Promise<void> => {
      await page.getByLabel(`What can be done with ${id}`).focus()
      for (const key of ['Enter', 'Tab', 'Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
      await page.getByRole('dialog').waitFor()
    }
    await askToDelete('deleted-two')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('What can be done with deleted-two')
    for (const [id, next] of [['deleted-two', 'deleted-one'], ['deleted-one', 'Agents']] as const) {
      await askToDelete(id)
      // “Keep it” has the keyboard first.
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.type(id)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: id, exact: true }).waitFor({ state: 'detached' })
      await expect.poll(focused).toBe(next)
    }
  })

  test('comes back from a question that is left before the browser has drawn it [web:page]', async () => {
    await stage.agents.client.create({ id: 'left-at-once', model: 'of-list' })
    const { page } = await stage.open('/?name=left-at-once')
    await page.getByLabel('What can be done with left-at-once').focus()
    await page.keyboard.press('Enter')
    const drawn = await page.evaluate(`(async () => {
      const changed = async () => { for (let turn = 0; turn < 20; turn += 1) await Promise.resolve() }
      let drawn = 0
      requestAnimationFrame(() => { drawn += 1 })
      document.querySelector('.agent-row .menu .bad').click()
      await changed()
      const dialog = document.querySelector('dialog[open]')
      dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
      await changed()
      return { drawn, asked: dialog.ariaLabel, left: !dialog.isConnected, focused: document.activeElement.ariaLabel }
    })()`)
    expect(drawn).toEqual({ drawn: 0, asked: expect.stringContaining('left-at-once') as string, left: true, focused: 'What can be done with left-at-once' })
  })
})

describe('what agents are looked for by', () => {
  test('is the tag that somebody chose, whatever was typed just before [web:page]', async () => {
    const { client } = stage.agents
    await client.create({ id: 'chosen', model: 'of-list', tags: ['choice'] })
    const { page } = await stage.open('/?name=chosen')
    await page.getByRole('button', { name: 'choice' }).waitFor()
    // At once: faster than what is typed is asked for.
    await page.evaluate(`(() => {
      const field = document.querySelector('.filters input')
      field.value = 'cho'
      field.dispatchEvent(new Event('input', { bubbles: true }))
      document.querySelector('.agent-row .tag').click()
    })()`)
    await page.waitForURL(/tag=choice$/)
    await page.waitForTimeout(600)
    expect(new URL(page.url()).search).toBe('?name=chosen&tag=choice')
    expect(await page.getByLabel('Name begins with').inputValue()).toBe('chosen')
  })

  test('stays as it is typed, stands in the address, and is there again on the way back [web:page]', async () => {
    const { client } = stage.agents
    for (const id of ['filter-one', 'filter-two']) await client.create({ id, model: 'of-list', tags: ['my tag'] })
    const { page } = await stage.open('/')
    const [name, tag] = [page.getByLabel('Name begins with'), page.getByLabel('Tag')]
    await tag.pressSequentially('my ')
    await page.waitForURL(/tag=my$/)
    await tag.pressSequentially('tag')
    expect(await tag.inputValue()).toBe('my tag')
    // One field after the other, faster than it is asked for.
    await name.fill('Filter-o')
    await tag.fill('my tag ')
    await page.waitForURL(/name=filter-o&tag=my\+tag$/)
    expect([await name.inputValue(), await tag.inputValue()]).toEqual(['Filter-o', 'my tag '])
    await page.getByRole('link', { name: 'filter-one' }).click()
    await page.getByText('What you write below').waitFor()
    // The link to where one is makes no further step of the way back.
    await page.getByRole('link', { name: 'Memory', exact: true }).click()
    await page.getByRole('link', { name: 'Memory', exact: true }).click()
    await page.goBack()
    await page.getByText('What you write below').waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'filter-one' }).waitFor()
    expect(await name.inputValue()).toBe('filter-o')
    expect(await page.getByRole('listitem').count()).toBe(1)
  })
})

describe('an agent', () => {
  test('is made of two texts, talked to, copied, archived, and deleted once its name is typed [web:page]', async () => {
    const { client } = stage.agents
    const { page } = await stage.open('/')
    await page.getByRole('button', { name: 'New agent' }).click()
    await page.getByLabel(/^Name:/).fill('made-here')
    await page.getByLabel(/^Persona/).fill('I am patient.')
    await page.getByLabel(/^Human/).fill('Her name is Grace.')
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Create and talk to it' }).click()
    await page.getByText('What you write below').waitFor()
    expect((await client.blocks('made-here')).map(({ label, value }) => `${label}: ${value}`)).toEqual(['persona: I am patient.', 'human: Her name is Grace.'])
    await client.editBlock('made-here', 'human', 'Her name is Grace Hopper.')
    // The stage has more agents than are shown at once.
    const toMade = () => page.goto(`${stage.url}/?name=made-`)
    await toMade()
    const made = page.getByRole('listitem').filter({ hasText: row('made-here') })
    await made.getByLabel('What can be done with made-here').click()
    await made.getByRole('button', { name: 'New agent like this' }).click()
    await page.getByLabel(/^Name:/).fill('made-alike')
    await page.getByLabel(/Its own blocks/).check()
    await page.getByRole('button', { name: 'Create and talk to it' }).click()
    await page.getByText('What you write below').waitFor()
    expect((await client.blocks('made-alike'))[1]?.value).toBe('Her name is Grace Hopper.')
    await toMade()
    await made.getByLabel('What can be done with made-here').click()
    await made.getByRole('button', { name: 'Archive' }).click()
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await made.getByText('archived').waitFor()
    await made.getByLabel('What can be done with made-here').click()
    await made.getByRole('button', { name: 'Delete' }).click()
    // What one key does there deletes nothing.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Keep it')
    const forGood = page.getByRole('button', { name: 'Delete for good' })
    expect(await forGood.isDisabled()).toBe(true)
    await page.getByLabel(/^Type/).fill('made-here')
    await forGood.click()
    await made.waitFor({ state: 'detached' })
    expect(await client.get('made-here')).toBeUndefined()
  })

  test('that is archived is read, and takes no message; one that is not there is said so [web:page]', async () => {
    const { client } = stage.agents
    give('of-past', [say('I was here.')])
    await client.create({ id: 'past', model: 'of-past' })
    await client.send('past', 'Are you there?')
    await client.command('past', { type: 'archive', erase: false })
    const { page } = await stage.open('/agents/past')
    await page.getByText('I was here.').waitFor()
    await page.getByText('This agent is archived').waitFor()
    expect(await page.getByRole('textbox', { name: /^Message/ }).isDisabled()).toBe(true)
    for (const view of ['chat', 'memory', 'definition', 'context', 'time']) {
      await page.goto(`${stage.url}/agents/nobody/${view}`)
      await page.getByRole('alert').getByText('There is no agent “nobody”').waitFor()
      // Once, and nothing else that fails for the same reason.
      expect(await page.getByRole('alert').count()).toBe(1)
    }
    expect(await findingsOf(page)).toEqual([])
    await client.create({ id: 'nobody', model: 'of-past' })
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('The agent has had no turn yet.').waitFor()
  })
})

describe('a new agent', () => {
  test('is no other one that has its name: that is said, and what was written stays [web:page]', async () => {
    const { client } = stage.agents
    await client.create({ id: 'taken' })
    const { page } = await stage.open('/?name=taken')
    await page.getByRole('button', { name: 'New agent' }).click()
    const form = page.getByRole('dialog')
    // Made alike, so that it would be given for the new one.
    await form.getByLabel(/^Name:/).fill('taken')
    await page.keyboard.press('Enter')
    await form.getByRole('alert').getByText('There is an agent “taken” already.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    await form.getByLabel(/^Name:/).fill('taken-not')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/agents/taken-not/chat')
  })

  test('that was made, though no answer came, is gone to when it is asked for again [web:page]', async () => {
    const { page } = await stage.open('/')
    let answers = false
    await page.route('**/v1/agents', async (route) => {
      if (route.request().method() !== 'POST' || answers) return route.fallback()
      await route.fetch()
      return route.abort()
    })
    await page.getByRole('button', { name: 'New agent' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel(/^Name:/).fill('made-unheard')
    await page.keyboard.press('Enter')
    // The client asks again and again before it gives up, with pauses that grow by chance.
    await form.getByRole('alert').waitFor({ timeout: 90_000 })
    expect(await stage.agents.client.get('made-unheard')).toBeDefined()
    answers = true
    await form.getByRole('button', { name: 'Create and talk to it' }).click()
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/agents/made-unheard/chat')
  }, 150_000)
})
