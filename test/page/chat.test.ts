import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { call, fail, say, scriptedModel, think, type ScriptedStep } from '../../src/testing.ts'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { slowModel } from '../support/slow-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { findingsOf } from './support/accessible.ts'
import { modelsByName } from './support/models.ts'
import { onElement } from './support/on-element.ts'
import { useStage } from './support/stage.ts'

const models = modelsByName()
const give = models.give.bind(models)
const stage = useStage(models.model)

/** An agent that has a script of its own. */
async function agent(id: string, steps: readonly ScriptedStep[] | ChatModel, input: Partial<AgentInput> = {}): Promise<string> {
  give(id, steps)
  await stage.agents.client.create({ model: id, ...input, id })
  return id
}

const chat = (id: string): string => `/agents/${id}/chat`

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message/ }).fill(text)
  await page.keyboard.press('Enter')
}

const replies = (page: Page) => page.locator('.reply:not(.growing)')
const questions = (page: Page) => page.locator('.question')

describe('a conversation', () => {
  test('is written, answered and read, and is the same after a reload [web:page]', async () => {
    const id = await agent('ada', [
      call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true, thoughts: 'She told me her name.' }),
      say('Hello **Ada**!\n\n```ts\nconst one = 1\n```', { thoughts: 'I greet her.' }),
    ])
    const { page } = await stage.open(chat(id))
    await write(page, 'Hi, I am Ada.')
    await replies(page).getByText('Hello Ada!').waitFor()
    const seen = async (): Promise<readonly string[]> => [
      ...(await questions(page).allInnerTexts()),
      ...(await replies(page).allInnerTexts()),
      ...(await page.locator('.line.call').allInnerTexts()),
      ...(await page.locator('.thoughts').allInnerTexts()),
    ].map((text) => text.replace(/\s+/g, ' '))
    await page.locator('.figures').waitFor()
    const before = await seen()
    expect(before.join('\n')).toMatch(/Hi, I am Ada\.[^]*Hello Ada![^]*core_memory_append human Name: Ada[^]*She told me her name/)
    expect(await page.locator('.diff ins').innerText()).toBe('Name: Ada')
    expect(await page.locator('.reply strong').innerText()).toBe('Ada')
    expect(await page.locator('.figures').innerText()).toMatch(/^2 steps · .* tokens in, .* out · .* m?s$/)
    await page.reload()
    await replies(page).getByText('Hello Ada!').waitFor()
    expect(await seen()).toEqual(before)
    expect(await findingsOf(page)).toEqual([])
  })

  test('shows thoughts and text as they are written, in two tabs alike, and the stored message in their place [web:page]', async () => {
    let done = false
    const id = await agent('babbage', slowModel([{ thoughts: 'Let me count.', message: 'One, two, three, and so on.', until: () => done }]))
    const first = await stage.open(chat(id))
    const second = await stage.open(chat(id), { context: first.context })
    await first.page.bringToFront()
    await write(first.page, 'Count!')
    for (const { page } of [first, second]) {
      await page.locator('.reply.growing').getByText('One, two').waitFor()
      await page.locator('.thoughts').getByText('Let me count.').waitFor()
      expect(await replies(page).count()).toBe(0)
    }
    done = true
    for (const { page } of [first, second]) {
      await replies(page).getByText('One, two, three, and so on.').waitFor()
      expect(await page.locator('.growing').count()).toBe(0)
      await expect.poll(() => questions(page).count()).toBe(1)
    }
    expect(await first.page.locator('[role=status].unseen').innerText()).toContain('babbage says: One, two, three, and so on.')
  })

  test('goes on when the server was away, and nothing is there twice [web:page]', async () => {
    const id = await agent('curie', [say('One.'), say('Two.')])
    const { page } = await stage.open(chat(id))
    await write(page, 'First.')
    await replies(page).getByText('One.').waitFor()
    await stage.withoutServer(async () => {
      await write(page, 'Second.')
      await page.getByText('The server does not answer.').waitFor()
    })
    await replies(page).getByText('Two.').waitFor()
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    expect((await questions(page).allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['First.', 'Second.'])
    await expect.poll(() => replies(page).count()).toBe(2)
    expect((await stage.agents.client.searchRecall(id, { roles: ['user'] })).total).toBe(2)
  })

  test('is as long as it is: the latest part is loaded, and earlier ones as one reads up [web:page]', async () => {
    const id = 'long'
    give(id, [say('More.')])
    const messages = Array.from({ length: 1_000 }, (_, index) => ({ role: index % 2 === 0 ? 'user' as const : 'assistant' as const, text: `Number ${index}.`, at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
    await stage.agents.client.importConversation({ id, model: id }, messages)
    const { page } = await stage.open(chat(id))
    await page.getByText('Number 999.').waitFor()
    expect(await page.locator('.turn').count()).toBeLessThan(100)
    for (let tries = 0; (await page.getByText('Number 700.').count()) === 0 && tries < 40; tries += 1) {
      await page.evaluate('document.querySelector(".scroller").scrollTo(0, 0)')
      await page.waitForTimeout(50)
    }
    await expect.poll(() => page.getByText('Number 700.').count()).toBe(1)
    await page.getByRole('button', { name: 'To the latest' }).click()
    await write(page, 'Go on.')
    await replies(page).getByText('More.').waitFor()
    await expect.poll(() => page.getByText('Number 998.').count()).toBe(1)
  })

  test('has no gap where somebody goes to its end while earlier messages are loaded [web:page]', async () => {
    const id = 'hurried'
    const messages = Array.from({ length: 1_200 }, (_, index) => ({ role: index % 2 === 0 ? 'user' as const : 'assistant' as const, text: `Number ${index}.`, at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
    await stage.agents.client.importConversation({ id, model: id }, messages)
    const { page } = await stage.open(chat(id))
    await page.getByText('Number 1199.').waitFor()
    const up = () => page.evaluate('document.querySelector(".scroller").scrollTo(0, 0)')
    for (let tries = 0; (await page.getByText('Number 220.').count()) === 0 && tries < 100; tries += 1) {
      await up()
      await page.waitForTimeout(50)
    }
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.route('**/messages/search?*before=*', async (route) => {
      await held
      await route.fallback()
    })
    const asked = page.waitForRequest(/before=/)
    await up()
    await asked
    const streams: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/events')) streams.push(request.url())
    })
    await page.getByRole('button', { name: 'To the latest' }).dblclick()
    await page.getByText('Number 1199.').waitFor()
    letGo()
    await page.waitForTimeout(500)
    const turns = (await page.evaluate<string[]>('[...document.querySelectorAll("[data-turn]")].map((one) => one.dataset.turn)')).map(Number)
    expect(turns).toEqual(turns.map((_, index) => (turns[0] ?? 0) + index))
    expect(streams.length).toBeLessThan(2)
  })
})

describe('a conversation that could not be loaded', () => {
  test('says why, and is loaded once it can be [web:page]', async () => {
    const id = await agent('hubble', [say('Here.')])
    await stage.agents.client.send(id, 'Hello?')
    const { page } = await stage.open('/')
    await page.route('**/messages/search*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ code: 'server-unavailable', detail: 'a store is away' }) }))
    await page.goto(stage.url + chat(id))
    await page.getByText('a store is away').waitFor()
    await page.unroute('**/messages/search*')
    await replies(page).getByText('Here.').waitFor()
    await page.getByText('a store is away').waitFor({ state: 'detached' })
  })
})

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
})

describe('an answer that is being written', () => {
  test('may be selected while it grows [web:page]', async () => {
    let selected = false
    let done = false
    const id = await agent('sontag', slowModel([{ message: `First words are here. ${'More come along. '.repeat(40)}`, pauses: { after: 20, until: () => selected }, until: () => done }]))
    const { page } = await stage.open(chat(id))
    await write(page, 'Write.')
    const growing = page.locator('.reply.growing p')
    await growing.getByText('First words are here').waitFor()
    await onElement(page, '.reply.growing p', '(one) => getSelection().setBaseAndExtent(one.firstChild, 0, one.firstChild, 11)')
    const before = (await growing.innerText()).length
    selected = true
    await expect.poll(async () => (await growing.innerText()).length).toBeGreaterThan(before + 20)
    expect(await page.evaluate('String(getSelection())')).toBe('First words')
    done = true
    await replies(page).getByText('First words are here').waitFor()
  })
})

describe('a machine whose clock is wrong', () => {
  test.each([['behind', -20], ['ahead', 20]])('by minutes, %s, has times as the server has them, and is told aloud what is said [web:page]', async (what, minutes) => {
    const id = await agent(`harrison-${what}`, [say('Long ago.'), say('Just now.')])
    await stage.agents.client.send(id, 'Tell me.')
    const { page } = await stage.open('/')
    await page.addInitScript(`{ const Real = Date; globalThis.Date = class extends Real { constructor(...given) { given.length === 0 ? super(Real.now() + ${minutes * 60_000}) : super(...given) } static now() { return Real.now() + ${minutes * 60_000} } } }`)
    await page.goto(`${stage.url}/?name=${id}`)
    await page.getByRole('listitem').getByText('Long ago.').waitFor()
    await expect.poll(() => page.getByRole('listitem').locator('time').innerText()).toMatch(/^(just now|[12] min\. ago)$/)
    await page.goto(stage.url + chat(id))
    await replies(page).getByText('Long ago.').waitFor()
    await write(page, 'And?')
    await page.getByText(`${id} says: Just now.`).waitFor({ state: 'attached' })
  })
})

describe('a call that waits for a person', () => {
  test('waits no more once it is answered, in each tab, though its turn goes on [web:page]', async () => {
    let done = false
    const after = slowModel([{ message: 'A long answer.', until: () => done }])
    const calling = scriptedModel([call('core_memory_append', { label: 'human', content: 'Has a proof' }, { heartbeat: true })])
    let asked = 0
    const id = await agent('galois', { complete: (...given) => ((asked += 1) === 1 ? calling : after).complete(...given) }, { approval: ['core_memory_append'] })
    const first = await stage.open(chat(id))
    const second = await stage.open(chat(id), { context: first.context })
    await first.page.bringToFront()
    await write(first.page, 'I have a proof.')
    for (const { page } of [first, second]) await page.getByRole('region', { name: /core_memory_append waits/ }).waitFor()
    await first.page.getByRole('button', { name: 'Approve' }).click()
    for (const { page } of [first, second]) {
      await page.locator('.reply.growing').waitFor()
      await expect.poll(() => page.locator('.approval').count()).toBe(0)
    }
    done = true
    await replies(first.page).getByText('A long answer.').waitFor()
  })

  test('is shown letter for letter: what would turn its letters round, or would not be seen, is written as its number [web:page]', async () => {
    const content = 'pay \u202Eecila\u202C, not \u200Bbob\u{e0041}'
    const id = await agent('gibbs', [call('core_memory_append', { label: 'human', content }, { heartbeat: true }), say('Noted.')], { approval: ['core_memory_append'] })
    const { page } = await stage.open(chat(id))
    await write(page, 'Whom do we pay?')
    const field = page.getByRole('region', { name: /core_memory_append waits/ }).getByLabel(/^Arguments/)
    const arguments_ = await field.inputValue()
    await field.fill(`${arguments_} and so on`)
    await page.getByRole('button', { name: 'Approve as edited' }).click()
    await page.getByText('This is not JSON').waitFor()
    await field.fill('{ "label": "human", "content": "the id 1 \\" 9", "id": 2512292042121000001 }')
    await page.getByRole('button', { name: 'Approve as edited' }).click()
    await page.getByText('2512292042121000001 would become 2512292042121000').waitFor()
    await field.fill('{ "label": "human", "content": "x", "amount": 1e400 }')
    await page.getByRole('button', { name: 'Approve as edited' }).click()
    await page.getByText('1e400 is greater than any number').waitFor()
    await field.fill(arguments_)
    expect(await field.inputValue()).toContain(String.raw`"pay \u202eecila\u202c, not \u200bbob\udb40\udc41"`)
    await field.fill((await field.inputValue()).replace('pay', 'never pay'))
    await page.getByRole('button', { name: 'Approve as edited' }).click()
    await replies(page).getByText('Noted.').waitFor()
    expect((await stage.agents.client.blocks(id)).find(({ label }) => label === 'human')?.value).toContain(`never ${content}`)
  })

  test('is shown with its arguments, edited and approved, or refused with a reason [web:page]', async () => {
    const id = await agent('fermat', [call('core_memory_append', { label: 'human', content: 'Has a proof' }, { heartbeat: true }), say('Noted.'), call('core_memory_append', { label: 'human', content: 'Small margin' }, { heartbeat: true }), say('Then not.')], { approval: ['core_memory_append'] })
    const { page } = await stage.open(chat(id))
    await write(page, 'I have a proof.')
    const question = page.getByRole('region', { name: /core_memory_append waits/ })
    await question.getByLabel(/^Arguments/).fill('{ "label": "human", "content": "Says that there is a proof" }')
    expect(await findingsOf(page)).toEqual([])
    await question.getByRole('button', { name: 'Approve as edited' }).click()
    await replies(page).getByText('Noted.').waitFor()
    expect((await stage.agents.client.blocks(id)).find(({ label }) => label === 'human')?.value).toContain('Says that there is a proof')
    await write(page, 'The margin is small.')
    await question.getByLabel(/^Reason/).fill('Leave that out.')
    await question.getByRole('button', { name: 'Refuse' }).click()
    await replies(page).getByText('Then not.').waitFor()
    expect((await stage.agents.client.blocks(id)).find(({ label }) => label === 'human')?.value).not.toContain('margin')
  })

  test('does not hide a park for another reason, and resume goes on [web:page]', async () => {
    const refused = new ModelError('refused', 'no credit')
    const id = await agent('gauss', [fail(refused), say('Back again.')])
    const { page } = await stage.open(chat(id))
    await write(page, 'Hello?')
    await page.getByText(/^Parked/).waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await replies(page).getByText('Back again.').waitFor()
    await page.getByText(/^Parked/).waitFor({ state: 'detached' })
  })

  test('is told where it fails and is tried again, and where an operator has paused it, and said aloud; it is no more once it goes on [web:page query:state]', async () => {
    let fails = true
    const answering = scriptedModel([say('Here I am.')])
    const id = await agent('noether', { complete: (...asked) => (fails ? Promise.reject(new ModelError('server-error', 'the endpoint failed (503)')) : answering.complete(...asked)) })
    const { page } = await stage.open(chat(id))
    const spoken = page.locator('[role=status].unseen')
    await write(page, 'Are you there?')
    await page.locator('.stand.running').getByText('The model fails, and is tried again by itself: the endpoint failed (503)').waitFor()
    expect(await spoken.innerText()).toContain('noether: The model fails, and is tried again by itself')
    const { temporal: { workflowService, options: { namespace } } } = stage.agents
    const execution = { workflowId: workflowIdOf(id) }
    const { pendingActivities: [pending] } = await workflowService.describeWorkflowExecution({ namespace, execution })
    const inference = { namespace, execution, id: pending?.activityId ?? null }
    await workflowService.pauseActivity({ ...inference, reason: 'a move' })
    await page.locator('.stand.running').getByText('An operator has paused this in Temporal, saying “a move”. It goes on once it is unpaused there.').waitFor()
    expect(await spoken.innerText()).toContain('noether: An operator has paused this')
    fails = false
    await workflowService.unpauseActivity(inference)
    await replies(page).getByText('Here I am.').waitFor()
    await page.locator('.stand.running').waitFor({ state: 'detached' })
  })
})

describe('what somebody else says', () => {
  const hostile = [
    '<script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'">',
    '![a picture](http://pictures.example/read.png) and [a bank](http://not-the-bank.example/login), [run](javascript:alert(1))',
    'safe \u202Eexe.txt',
    'שלום **עולם**',
  ].join('\n\n')

  test('is text: it runs nothing, fetches nothing, says where it leads, and turns nothing round [web:page]', async () => {
    const id = await agent('hooke', [call('archival_memory_search', { query: hostile }, { heartbeat: true }), say(hostile), think('done')])
    const { page } = await stage.open(chat(id))
    await write(page, hostile)
    const reply = replies(page).last()
    await reply.getByText('a bank').waitFor()
    expect(await page.locator('.conversation script, .conversation img').count()).toBe(0)
    expect(await page.title()).toBe('hooke · Perdure')
    expect(await reply.innerText()).toContain('<script>document.title')
    await expect.poll(() => reply.getByText('(not-the-bank.example)').count()).toBe(1)
    await expect.poll(() => reply.getByText('(pictures.example)').count()).toBe(1)
    expect(await Promise.all((await reply.locator('a').all()).map(async (link) => `${(await link.getAttribute('href'))?.split('/')[0] ?? ''} ${(await link.getAttribute('rel')) ?? ''} ${(await link.getAttribute('target')) ?? ''}`))).toEqual(Array.from({ length: 2 }, () => 'http: noopener noreferrer nofollow _blank'))
    expect(await reply.innerText()).toContain('⟨U+202E⟩')
    expect(await findingsOf(page)).toEqual([])
  })

  test.each([
    ['signs of a quotation', '>'.repeat(20_000)],
    ['beginnings of lists', '- '.repeat(20_000)],
    ['emphasis within emphasis', `${'*'.repeat(3_000)}deep${'*'.repeat(3_000)}`],
    ['emphasis that never ends', '_a__'.repeat(14_000)],
    ['blanks', `a${' '.repeat(58_000)}b`],
  ])('may have thousands of %s: the page shows it, and goes on [web:page]', async (what, text) => {
    const id = await agent(`hilbert-${what.replaceAll(' ', '-')}`, [say(text), say('Short.')], { contextWindow: 200_000 })
    await stage.agents.client.send(id, 'Go deep.')
    const { page } = await stage.open(chat(id))
    await replies(page).first().waitFor()
    await write(page, 'And?')
    await replies(page).getByText('Short.').waitFor()
    // Until the next sign is drawn, nothing held it up for long.
    const longest = await page.evaluate<number>('new Promise((resolve) => new PerformanceObserver((list) => resolve(Math.max(...list.getEntries().map(({ duration }) => duration)))).observe({ type: "longtask", buffered: true }))')
    expect(longest).toBeLessThan(1_500)
  })

  test('loses nothing where it is written as models write: names of signs, tildes, formulas, sources, ends of lines in tables, scripts without blanks [web:page]', async () => {
    const written = [
      'Kill it by `kill &lt;pid&gt;` &amp; wait&nbsp;for &lt;pid&gt;; \\&amp; stays. It takes 5~7U 和 100~200倍, ~~not~~ ~2 s, ~3 s.',
      'So \\( a_1 * b * c \\) is it.', '$$\n\\frac{a}{b}\n$$', '| one | two |\n|---|---|\n| first<br>second | <b>bold</b> |',
      'See https://example.com/a。后面 and （https://example.com/b）. **重要：**内容 **「引用」**です', '[1]: https://source.example/x "Smith, 2020"\n[2]: https://other.example/?a=1&amp;b=2', 'one&#32;two&NewLine;three',
    ].join('\n\n')
    const id = await agent('lovelace', [say(written)])
    await stage.agents.client.send(id, 'Tell me.')
    const { page } = await stage.open(chat(id))
    const reply = replies(page)
    await reply.locator('table').waitFor()
    const text = await reply.innerText()
    for (const part of ['kill &lt;pid&gt; & wait\u00a0for <pid>; &amp; stays. It takes 5~7U 和 100~200倍, not ~2 s, ~3 s.', String.raw`So \( a_1 * b * c \) is it.`, String.raw`\frac{a}{b}`, 'first\nsecond', '<b>bold</b>', '[1] https://source.example/x (source.example) “Smith, 2020”', 'one two three', '[2] https://other.example/?a=1&b=2']) expect(text).toContain(part)
    expect(await reply.locator('del').allInnerTexts()).toEqual(['not'])
    expect(await reply.locator('strong').allInnerTexts()).toEqual(['重要：', '「引用」'])
    expect(await onElement(page, '.reply', "(one) => [...one.querySelectorAll('a')].map((link) => link.getAttribute('href'))")).toEqual(['https://example.com/a', 'https://example.com/b', 'https://source.example/x', 'https://other.example/?a=1&b=2'])
  })

  test('stands where its script begins, and within the screen: lists, tables and quotations from the right, long numbers, narrow tables [web:page]', async () => {
    const written = ['- שלום עולם\n- עוד', '> שלום', '| שם | ערך |\n|---|---|\n| א | ב |', '1986. A great year\n1987. Another', '| a long header | b | c | d |\n|---|---|---|---|\n| internationalisation | considerable | altogether | wonderful |', `${'字'.repeat(1_999)}😀${'字'.repeat(18_500)}😀 end`].join('\n\n')
    const id = await agent('maimonides', [say(written)], { contextWindow: 200_000 })
    await stage.agents.client.send(id, 'Speak.')
    const { page } = await stage.open(chat(id), { width: 360, height: 700 })
    const reply = replies(page)
    await reply.locator('ol').waitFor()
    expect(await onElement(page, '.reply', "(one) => ['ul', 'blockquote', 'table', 'ol'].map((name) => getComputedStyle(one.querySelector(name)).direction)")).toEqual(['rtl', 'rtl', 'rtl', 'ltr'])
    // The numbers stand in the room before the text.
    expect(await onElement(page, '.reply ol', '(one) => parseFloat(getComputedStyle(one).paddingInlineStart) > 2 * parseFloat(getComputedStyle(one).fontSize)')).toBe(true)
    expect(await onElement(page, '.reply', "(one) => [...one.querySelectorAll('table')].at(-1).scrollWidth > one.clientWidth")).toBe(true)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(await reply.innerText()).not.toMatch(/\p{Surrogate}/u)
  })

  test('may have tasks, and pictures that are links: each box is there once, and no link is within a link [web:page]', async () => {
    const id = await agent('hopper', [say('- [x] done\n- [ ] to do\n\n[![build](http://badges.example/a.svg)](http://builds.example/)')])
    await stage.agents.client.send(id, 'How far are we?')
    const { page } = await stage.open(chat(id))
    const reply = replies(page)
    await reply.locator('li').first().waitFor()
    expect(await reply.locator('li').allInnerTexts()).toEqual(['done', 'to do'])
    expect(await reply.getByRole('checkbox').count()).toBe(2)
    expect(await reply.locator('a').allInnerTexts()).toEqual(['image: build'])
    expect(await reply.locator('a a').count()).toBe(0)
    expect(await findingsOf(page)).toEqual([])
  })

  test('may be long: its beginning is shown, more is asked for, and what no message can hold becomes a document [web:page]', async () => {
    const id = await agent('kepler', [say('x'.repeat(100_000)), say('Short.'), say('I have the file.')], { contextWindow: 200_000 })
    const { page } = await stage.open(chat(id))
    await write(page, 'y'.repeat(60_000))
    await page.getByRole('button', { name: /^Show more/ }).nth(1).waitFor()
    await write(page, 'And?')
    await replies(page).getByText('Short.').waitFor()
    expect((await page.locator('.conversation').innerText()).length).toBeLessThan(60_000)
    expect(await page.evaluate('document.querySelector(".scroller").scrollWidth <= document.querySelector(".scroller").clientWidth')).toBe(true)
    const field = page.getByRole('textbox', { name: /^Message/ })
    // The browser lays out one line of a megabyte.
    await field.fill('z'.repeat(1_000_000), { timeout: 60_000 })
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: /as a document/ }).click()
    await page.getByText(/is in archival memory/).waitFor()
    expect(await field.inputValue()).toBe('')
    expect((await stage.agents.client.documents(id)).documents).toHaveLength(1)
  }, 120_000)
})
