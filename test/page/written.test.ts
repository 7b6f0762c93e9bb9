import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { say } from '../../src/testing.ts'
import { slowModel } from '../support/slow-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { chat, questions, replies, useChats, write } from './support/chats.ts'
import { onElement } from './support/on-element.ts'

const { stage, agent } = useChats()

describe('what was written', () => {
  test('comes in the order in which it was written, also where an earlier message has to be sent again [web:page]', async () => {
    const id = await agent('faraday', [say('First.'), say('Second.')])
    const { page } = await stage.open(chat(id))
    let cut = 0
    await page.route('**/messages*', (route) => (route.request().method() === 'POST' && (route.request().postData() ?? '').includes('One') && (cut += 1) <= 4 ? route.abort() : route.fallback()))
    await write(page, 'One.')
    await write(page, 'Two.')
    await replies(page).getByText('Second.').waitFor()
    expect((await stage.agents.client.searchRecall(id, { roles: ['user'] })).messages.toReversed().map(({ text }) => text)).toEqual(['One.', 'Two.'])
  })

  test('is sent though its writer goes to another view before it has arrived [web:page]', async () => {
    const id = await agent('franklin', [say('I have it.')])
    const { page } = await stage.open(chat(id))
    await page.route('**/messages*', async (route) => {
      if (route.request().method() === 'POST') await new Promise((resolve) => setTimeout(resolve, 1_000))
      // The page may have taken the request back.
      await route.fallback().catch(() => undefined)
    })
    await write(page, 'A last word.')
    await page.getByText('being sent').waitFor()
    await page.getByRole('link', { name: 'Memory' }).click()
    await page.getByRole('heading', { name: /Memory/ }).waitFor()
    await expect.poll(async () => (await stage.agents.client.searchRecall(id, { roles: ['user'] })).total, { timeout: 10_000 }).toBe(1)
    await page.getByRole('link', { name: 'Chat' }).click()
    await replies(page).getByText('I have it.').waitFor()
    await expect.poll(() => questions(page).count()).toBe(1)
    expect(await page.getByText('Not confirmed').count()).toBe(0)
  })

  test('goes on being sent while its writer looks at other agents [web:page]', async () => {
    const id = await agent('germain', [say('I have it.')])
    const { page } = await stage.open(chat(id))
    let arrives = false
    await page.route('**/messages*', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      while (!arrives) await sleep(20)
      return route.fallback()
    })
    await write(page, 'It takes its time.')
    await page.getByText('being sent').waitFor()
    await page.getByRole('link', { name: 'Agents', exact: true }).click()
    await page.getByRole('heading', { name: 'Agents' }).waitFor()
    await page.goBack()
    await page.getByText('being sent').waitFor()
    await page.getByRole('link', { name: 'Agents', exact: true }).click()
    await page.getByRole('heading', { name: 'Agents' }).waitFor()
    arrives = true
    // It arrives though nobody looks.
    await expect.poll(async () => (await stage.agents.client.searchRecall(id, { roles: ['user'] })).total).toBe(1)
    await page.goBack()
    await replies(page).getByText('I have it.').waitFor()
    await expect.poll(() => questions(page).count()).toBe(1)
    expect(await page.getByText('Not confirmed').count()).toBe(0)
  })

  test('is being sent as long as the tab is open that sends it, and not confirmed once that is gone [web:page]', async () => {
    const id = await agent('hypatia', [say('I have it.')])
    const { context } = await stage.open('/')
    const writer = await stage.open(chat(id), { context })
    const before = await stage.open(chat(id), { context })
    await writer.page.route('**/messages*', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
    await write(writer.page, 'Is anybody there?')
    const after = await stage.open(chat(id), { context })
    for (const { page } of [writer, before, after]) {
      await page.bringToFront()
      await page.getByText('being sent').waitFor()
      expect(await page.getByText('Not confirmed').count()).toBe(0)
    }
    await writer.page.close()
    for (const { page } of [after, before]) {
      await page.bringToFront()
      await page.getByText('Not confirmed: the page was left before anybody had it.').waitFor()
    }
    await before.page.getByRole('button', { name: 'Send again' }).click()
    for (const { page } of [before, after]) {
      await page.bringToFront()
      await replies(page).getByText('I have it.').waitFor()
      await expect.poll(() => questions(page).count()).toBe(1)
    }
    expect((await stage.agents.client.searchRecall(id, { roles: ['user'] })).total).toBe(1)
  })

  test('is not sent any more once it is discarded in another tab, also while this one tries again [web:page]', async () => {
    const id = await agent('hopper', [say('I have it.')])
    const writer = await stage.open(chat(id))
    const other = await stage.open(chat(id), { context: writer.context })
    let there = false
    await writer.page.route('**/messages*', (route) => (route.request().method() === 'POST' && !there ? route.abort() : route.fallback()))
    await write(writer.page, 'I did not mean this.')
    for (const { page } of [writer, other]) {
      await page.bringToFront()
      await page.getByText('It is sent again by itself').waitFor()
    }
    await other.page.getByRole('button', { name: 'Discard' }).click()
    await writer.page.bringToFront()
    await questions(writer.page).waitFor({ state: 'detached' })
    there = true
    // Longer than a sender waits for its next try.
    await sleep(4_000)
    expect((await stage.agents.client.searchRecall(id, { roles: ['user'] })).total).toBe(0)
    await write(writer.page, 'But this.')
    await replies(writer.page).getByText('I have it.').waitFor()
    for (const { page } of [writer, other]) {
      await page.bringToFront()
      await expect.poll(() => questions(page).allInnerTexts()).toEqual([expect.stringContaining('But this.')])
    }
  })

  test('is in the queue where it waits there, though its page was left before it knew [web:page]', async () => {
    let done = false
    const id = await agent('fourier', slowModel([{ message: 'A long story.', until: () => done }, { message: 'The second.' }]))
    const { page } = await stage.open(chat(id))
    await write(page, 'Tell me all.')
    await page.locator('.reply.growing').waitFor()
    // It arrives, and its answer does not.
    await page.route('**/messages*', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      await route.fetch()
      await page.reload()
    }, { times: 1 })
    await write(page, 'And this.')
    await page.getByText('waits, number 1 in the queue').waitFor()
    expect(await page.getByText('Not confirmed').count()).toBe(0)
    done = true
    await replies(page).getByText('The second.').waitFor()
  })

  test('stays while nobody has it: over a reload, and is sent once [web:page]', async () => {
    const id = await agent('darwin', [say('I have it.')])
    const { page } = await stage.open(chat(id))
    const field = page.getByRole('textbox', { name: /^Message/ })
    await field.fill('A thought that is not fin')
    await page.reload()
    expect(await field.inputValue()).toBe('A thought that is not fin')
    await page.route('**/messages*', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
    await field.fill('Is anybody there?')
    await page.keyboard.press('Enter')
    await page.getByText('being sent').waitFor()
    expect(await field.inputValue()).toBe('')
    await page.reload()
    await page.getByText('Not confirmed').waitFor()
    await page.unroute('**/messages*')
    await page.getByRole('button', { name: 'Send again' }).click()
    await replies(page).getByText('I have it.').waitFor()
    await expect.poll(() => questions(page).count()).toBe(1)
    expect((await stage.agents.client.searchRecall(id, { roles: ['user'] })).total).toBe(1)
  })

  test('is not sent by the key that ends a word of an input method, as Safari tells of it [web:page]', async () => {
    const id = await agent('seki', [say('I have it.')])
    const { page } = await stage.open(chat(id))
    const field = page.getByRole('textbox', { name: /^Message/ })
    await field.fill('日本')
    await onElement(page, '#message', "(one) => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))")
    expect(await field.inputValue()).toBe('日本')
    await field.press('Enter')
    await replies(page).getByText('I have it.').waitFor()
  })

  test('is a draft of its tab: what another tab sends takes none of it away, and a new tab goes on with it [web:page]', async () => {
    const id = await agent('sappho', [say('I have it.')])
    const first = await stage.open(chat(id))
    const second = await stage.open(chat(id), { context: first.context })
    const field = first.page.getByRole('textbox', { name: /^Message/ })
    await field.fill('A long letter')
    await write(second.page, 'Quick.')
    await replies(second.page).getByText('I have it.').waitFor()
    await first.page.reload()
    expect(await field.inputValue()).toBe('A long letter')
    await field.fill('A long letter, longer')
    const third = await stage.open(chat(id), { context: first.context })
    expect(await third.page.getByRole('textbox', { name: /^Message/ }).inputValue()).toBe('A long letter, longer')
    await field.press('Enter')
    await first.page.reload()
    expect(await field.inputValue()).toBe('')
  })

  test('is the text where a copied text is a picture too; a file may be dropped anywhere, and what is no file says what to do [web:page]', async () => {
    const id = await agent('gutenberg', [say('I have it.')])
    const { page, context } = await stage.open(chat(id))
    const taken = (type: string, text: string) => onElement(page, '#message', `(one) => {
      const clipboardData = new DataTransfer()
      if (${JSON.stringify(text)} !== '') clipboardData.setData('text/plain', ${JSON.stringify(text)})
      clipboardData.items.add(new File(['x'], 'a file', { type: ${JSON.stringify(type)} }))
      return !one.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }`)
    expect(await taken('image/png', 'A1\tB1')).toBe(false)
    expect(await taken('text/plain', '')).toBe(true)
    await page.getByText('a file is in archival memory').waitFor()
    const { path } = await temporaryFolder()
    await mkdir(join(path, 'letters'))
    await writeFile(join(path, 'note.txt'), 'The boat lies at pier 4.')
    const devtools = await context.newCDPSession(page)
    const drop = async (...files: readonly string[]): Promise<void> => {
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files: [...files], dragOperationsMask: 1 } })
    }
    await drop(join(path, 'letters'), join(path, 'note.txt'))
    await page.getByText('letters: it can’t be read. If it is a folder, drop the files that are in it').waitFor()
    await page.getByText('note.txt is in archival memory').waitFor()
    expect((await stage.agents.client.documents(id)).documents.map(({ name }) => name).toSorted()).toEqual(['a file', 'note.txt'])
  })

  test('has lines where a finger types: Enter begins one, the button sends, and no keyboard covers what one came to read [web:page]', async () => {
    const id = await agent('braille', [say('I have it.')])
    const { page } = await stage.open(chat(id), { width: 390, height: 700, touch: true })
    await page.getByText('What you write below').waitFor()
    const field = page.getByRole('textbox', { name: /^Message/ })
    expect(await onElement(page, '#message', '(one) => document.activeElement === one')).toBe(false)
    // Smaller letters would make some browsers show the field alone.
    expect(Number(await onElement(page, '#message', '(one) => parseFloat(getComputedStyle(one).fontSize)'))).toBeGreaterThanOrEqual(16)
    await field.pressSequentially('One\ntwo')
    expect(await field.inputValue()).toBe('One\ntwo')
    await page.getByRole('button', { name: 'Send' }).tap()
    await replies(page).getByText('I have it.').waitFor()
  })

  test('waits in the queue, is told its place, and the turn before it can be cancelled [web:page]', async () => {
    let done = false
    const id = await agent('euler', slowModel([{ message: 'A long story.', until: () => done }, { message: 'The second.' }]))
    const { page } = await stage.open(chat(id))
    await write(page, 'Tell me all.')
    await page.locator('.reply.growing').waitFor()
    await write(page, 'And this.')
    await page.getByText('waits, number 1 in the queue').waitFor()
    await page.getByRole('button', { name: /^Cancel/ }).click()
    await page.locator('.remark.warn').getByText('Cancelled').waitFor()
    done = true
    await replies(page).getByText('The second.').waitFor()
    await expect.poll(() => questions(page).count()).toBe(2)
  })

  test('is broken off by Escape wherever the keyboard is, but where the key means something else [web:page]', async () => {
    const id = await agent('abel', slowModel([{ message: 'A long story.', until: () => false }]))
    const { page } = await stage.open(chat(id))
    await write(page, 'Tell me all.')
    await page.locator('.reply.growing').getByText('A long story.').waitFor()
    // In a dialog it closes the dialog.
    await page.evaluate("(() => { const dialog = document.createElement('dialog'); document.body.append(dialog); dialog.showModal() })()")
    await page.keyboard.press('Escape')
    await expect.poll(() => page.evaluate("document.querySelector('dialog').open")).toBe(false)
    expect(await page.locator('.stand.running').count()).toBe(1)
    // Somebody has read further up, and clicked there.
    await page.locator('.scroller').click({ position: { x: 40, y: 40 } })
    await page.keyboard.press('Escape')
    await page.locator('.remark.warn').getByText('Cancelled').waitFor()
  })
})
