import { describe, expect, test } from 'vitest'
import { call, say } from '../../src/testing.ts'
import { slowModel } from '../support/slow-model.ts'
import { findingsOf } from './support/accessible.ts'
import { chat, questions, replies, useChats, write } from './support/chats.ts'
import { onElement } from './support/on-element.ts'

const { stage, agent, give } = useChats()

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

  test('is loaded anew where the agent has not come as far as the page: its memory may be that of an earlier day [web:page]', async () => {
    const id = await agent('noether-2', [say('One.'), say('Two.')])
    await stage.agents.client.send(id, 'First.')
    const { page } = await stage.open('/')
    let asked = 0
    await page.route('**/events?*', (route) => {
      const to = new URL(route.request().url())
      // As of a page that had been told of more than there is now.
      if ((asked += 1) === 1) to.searchParams.set('after', '~999')
      return route.fallback({ url: to.href })
    })
    await page.goto(stage.url + chat(id))
    await expect.poll(() => asked).toBe(2)
    await page.locator('[role=status].unseen').getByText('was put back to an earlier day').waitFor({ state: 'attached' })
    await write(page, 'Second.')
    await replies(page).getByText('Two.').waitFor()
    expect((await questions(page).allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['First.', 'Second.'])
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('is as long as it is: the latest part is loaded, and earlier ones as one reads up [web:page]', async () => {
    const id = 'long'
    give(id, [say('More.')])
    const messages = Array.from({ length: 1_000 }, (_, index) => ({ role: index % 2 === 0 ? 'user' as const : 'assistant' as const, text: `Number ${index}.`, at: new Date(1_700_000_000_000 + index * 1_000).toISOString() }))
    await stage.agents.client.importConversation({ id, model: id }, messages)
    const { page } = await stage.open(chat(id))
    await page.getByText('Number 999.').waitFor()
    expect(await page.locator('.turn').count()).toBeLessThan(100)
    for (let tries = 0; (await page.getByText('Number 700.').count()) === 0 && tries < 400; tries += 1) {
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
