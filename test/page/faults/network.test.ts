import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { say } from '../../../src/testing.ts'
import { tcpProxy, type TcpProxy } from '../../faults/support/tcp-proxy.ts'
import { slowModel } from '../../support/slow-model.ts'
import { modelsByName } from '../support/models.ts'
import { recordAnswers } from '../support/recorded.ts'
import { useStage } from '../support/stage.ts'

const models = modelsByName()
const stage = useStage(models.model)

let proxy: TcpProxy | undefined
afterEach(async () => {
  await proxy?.close()
  proxy = undefined
})

/** A network between the browser and the server. */
async function network(): Promise<{ readonly proxy: TcpProxy; readonly at: string }> {
  proxy = await tcpProxy(stage.url)
  return { proxy, at: `http://${proxy.host}:${proxy.port}` }
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message/ }).fill(text)
  await page.keyboard.press('Enter')
}

const replies = (page: Page) => page.locator('.reply:not(.growing)')
const growing = (page: Page) => page.locator('.reply.growing')
const chat = (id: string): string => `/agents/${id}/chat`

/** These questions and these answers, each once: on the page, after a reload, and in memory. */
async function expectConversation(page: Page, id: string, questions: readonly string[], answers: readonly string[]): Promise<void> {
  const look = async () => ({
    questions: (await page.locator('.question').allInnerTexts()).map((text) => text.split('\n')[0]),
    answers: await replies(page).allInnerTexts(),
    growing: await growing(page).count(),
  })
  await expect.poll(look).toEqual({ questions, answers, growing: 0 })
  await page.reload()
  await expect.poll(look).toEqual({ questions, answers, growing: 0 })
  const { messages } = await stage.agents.client.searchRecall(id, { conversation: true, order: 'newest' })
  expect(messages.filter(({ reply }) => reply === undefined).map(({ text }) => text).toReversed()).toEqual(questions)
}

const counting = 'One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, and so on.'

describe('over a slow network', () => {
  test('a message goes and its answer comes, piece by piece, each once; that the server takes long is said [web:page]', async () => {
    models.give('slow', slowModel([{ thoughts: 'Let me count.', message: counting }]))
    await stage.agents.client.create({ id: 'slow', model: 'slow' })
    const way = await network()
    const { page } = await stage.open(chat('slow'), { at: way.at })
    await page.getByText('Nothing was said yet').waitFor()
    way.proxy.slow({ bytesPerSecond: 3_000, latencyMs: 400 })
    const seen = await recordAnswers(page)
    await write(page, 'Count!')
    await page.getByText('being sent').waitFor()
    await growing(page).getByText('One, two').waitFor()
    await replies(page).getByText('and so on.').waitFor()
    for (const { writes, says } of await seen()) {
      expect(writes.length + says.length).toBeLessThanOrEqual(1)
      for (const text of [...writes, ...says]) expect(counting.startsWith(text.trimEnd()), text).toBe(true)
    }
    way.proxy.slow({ bytesPerSecond: 3_000, latencyMs: 2_500 })
    const opening = await stage.open('/', {})
    await opening.close()
    await page.getByRole('link', { name: 'Memory' }).click()
    await page.getByText('The server takes long to answer').waitFor()
    await way.proxy.heal()
    await page.getByRole('link', { name: 'Chat' }).click()
    await page.getByText('The server takes long to answer').waitFor({ state: 'detached' })
    await expectConversation(page, 'slow', ['Count!'], [counting])
  }, 120_000)
})

describe('a network that is lost', () => {
  test('in the middle of a send, silently: the message is kept, said to be not confirmed, and sent by itself once, when there is a way again [web:page]', async () => {
    models.give('lost', [say('Here I am.'), say('I have it.')])
    await stage.agents.client.create({ id: 'lost', model: 'lost' })
    const way = await network()
    const { page } = await stage.open(chat('lost'), { at: way.at })
    await write(page, 'First.')
    await replies(page).getByText('Here I am.').waitFor()
    way.proxy.blackhole()
    await write(page, 'Is anybody there?')
    await page.getByText('being sent').waitFor()
    // Whichever view is shown, it is not given up.
    await page.getByRole('link', { name: 'Definition' }).click()
    await page.getByRole('link', { name: 'Chat' }).click()
    await page.getByText('Not confirmed: the server has not answered. It is sent again by itself, and never twice.').waitFor({ timeout: 30_000 })
    await way.proxy.heal()
    await replies(page).getByText('I have it.').waitFor({ timeout: 75_000 })
    await expectConversation(page, 'lost', ['First.', 'Is anybody there?'], ['Here I am.', 'I have it.'])
  }, 180_000)

  test('after the server had the message, and before its answer came: it is sent again, and is one [web:page]', async () => {
    models.give('answer-lost', [say('Only once.'), say('Twice!')])
    await stage.agents.client.create({ id: 'answer-lost', model: 'answer-lost' })
    const { page } = await stage.open(chat('answer-lost'))
    let lost = 0
    await page.route('**/messages*', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      await route.fetch()
      if ((lost += 1) > 2) return route.fallback()
      return route.abort('connectionreset')
    })
    await write(page, 'Did you get this?')
    await replies(page).getByText('Only once.').waitFor()
    await expect.poll(() => lost).toBeGreaterThan(2)
    await page.unroute('**/messages*')
    await expectConversation(page, 'answer-lost', ['Did you get this?'], ['Only once.'])
  })

  test('by the machine: it says so, keeps what is written, and sends it when there is one [web:page]', async () => {
    models.give('offline', [say('Good evening.'), say('Good to see you again.')])
    await stage.agents.client.create({ id: 'offline', model: 'offline' })
    const { page, context } = await stage.open(chat('offline'))
    await write(page, 'Good evening!')
    await replies(page).getByText('Good evening.').waitFor()
    await context.setOffline(true)
    await page.getByText('This machine is offline.').waitFor()
    await write(page, 'I am in a tunnel.')
    await page.getByText('kept until there is a network').waitFor()
    expect(await replies(page).count()).toBe(1)
    await context.setOffline(false)
    await page.getByText('This machine is offline.').waitFor({ state: 'detached' })
    await replies(page).getByText('Good to see you again.').waitFor()
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await expectConversation(page, 'offline', ['Good evening!', 'I am in a tunnel.'], ['Good evening.', 'Good to see you again.'])
  })

  test('while an answer is written, with its connections or silently: the text goes on, and is there once [web:page]', async () => {
    for (const how of ['cut', 'blackhole'] as const) {
      const id = `while-${how}`
      let [more, done] = [false, false]
      models.give(id, slowModel([{ message: counting, pauses: { after: 5, until: () => more }, until: () => done }]))
      await stage.agents.client.create({ id, model: id })
      const way = await network()
      const { page } = await stage.open(chat(id), { at: way.at })
      await page.getByText('Nothing was said yet').waitFor()
      const seen = await recordAnswers(page)
      await write(page, 'Count!')
      await growing(page).getByText('One').waitFor()
      await way.proxy[how]()
      more = true
      if (how === 'cut') await page.getByText('The server does not answer.').waitFor()
      expect(await growing(page).innerText()).toContain('One')
      done = true
      await way.proxy.heal()
      // A connection that is silent for three quarters of a minute is one to nobody, wherever nothing else has shown that before.
      await replies(page).getByText('and so on.').waitFor({ timeout: 75_000 })
      for (const { writes, says } of await seen()) {
        expect(writes.length + says.length).toBeLessThanOrEqual(1)
        for (const text of [...writes, ...says]) expect(counting.startsWith(text.trimEnd()), text).toBe(true)
      }
      await expectConversation(page, id, ['Count!'], [counting])
      await way.proxy.close()
    }
  }, 240_000)
})

describe('a server that goes', () => {
  test('while an answer is written, and longer than a request is tried: the next one goes on with it, and nothing asks for a reload [web:page]', async () => {
    let done = false
    models.give('restarted', slowModel([{ message: counting, until: () => done }, { message: 'And on.' }]))
    await stage.agents.client.create({ id: 'restarted', model: 'restarted' })
    const { page } = await stage.open(chat('restarted'))
    const list = await stage.open('/')
    await list.page.getByRole('link', { name: 'restarted' }).waitFor()
    await write(page, 'Count!')
    await growing(page).getByText('and so on.').waitFor()
    await stage.withoutServer(async () => {
      await page.getByText('The server does not answer.').waitFor()
      await write(page, 'And then?')
      done = true
      await page.getByText('It is sent again by itself').waitFor({ timeout: 40_000 })
      await page.waitForTimeout(8_000)
    })
    await replies(page).getByText('And on.').waitFor({ timeout: 30_000 })
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await page.locator('.problem').waitFor({ state: 'detached' })
    await list.page.getByRole('listitem').filter({ hasText: /^restarted/ }).getByText('And on.').waitFor()
    await expectConversation(page, 'restarted', ['Count!', 'And then?'], [counting, 'And on.'])
  }, 120_000)

  test('before a page could load anything: it loads once there is one [web:page]', async () => {
    models.give('late', [say('Better late.')])
    await stage.agents.client.create({ id: 'late', model: 'late' })
    const { page } = await stage.open('/agents/late/definition')
    await page.getByText('So far it has used').waitFor()
    await page.route('**/api/**', (route) => route.abort())
    await page.reload()
    await page.getByText('The server does not answer.').waitFor()
    await page.locator('.problem').first().waitFor({ timeout: 40_000 })
    await page.unroute('**/api/**')
    await page.getByRole('link', { name: 'Chat' }).click()
    await page.getByText('Nothing was said yet').waitFor()
    await write(page, 'Are you there?')
    await replies(page).getByText('Better late.').waitFor()
    await page.locator('.problem').waitFor({ state: 'detached' })
  }, 120_000)
})
