import { describe, expect, test } from 'vitest'
import { call, say, think } from '../../src/testing.ts'
import { findingsOf } from './support/accessible.ts'
import { chat, replies, useChats, write } from './support/chats.ts'
import { onElement } from './support/on-element.ts'

const { stage, agent } = useChats()

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
    expect(await page.title()).toBe('hooke: Chat · Perdure')
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

  test('has its lists numbered as they were written, also downwards and with gaps; where all numbers are the same they are counted [web:page]', async () => {
    const id = await agent('counting-down', [say('10. ten\n9. nine\n8. eight\n\nPlaces:\n\n1. first\n3. third\n\nCounted:\n\n1. a\n1. b')])
    await stage.agents.client.send(id, 'Count.')
    const { page } = await stage.open(chat(id))
    await replies(page).getByText('Counted:').waitFor()
    expect(await onElement(page, '.reply', "(one) => [...one.querySelectorAll('li')].map((item) => item.value + ' ' + item.textContent)")).toEqual(['10 ten', '9 nine', '8 eight', '1 first', '3 third', '1 a', '2 b'])
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
