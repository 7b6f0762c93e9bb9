import { describe, expect, test } from 'vitest'
import { call, fail, say, scriptedModel, think } from '../../src/testing.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { durationText } from '../../page/src/time/timeline.ts'
import { findingsOf } from './support/accessible.ts'
import { useChats } from './support/chats.ts'
import { tooWide } from './support/fits.ts'

const { stage, agent, give } = useChats()

describe('the turns of an agent', () => {
  test('say how each ended, also to whoever comes later: completed, or cancelled after a first answer [web:page]', async () => {
    const { client } = stage.agents
    const answering = scriptedModel([say('One.'), say('Wait.', { heartbeat: true })])
    const id = 'ended'
    let asked = 0
    give(id, { complete: (...given) => ((asked += 1) <= 2 ? answering.complete(...given) : new Promise((_, reject) => given[1].addEventListener('abort', () => reject(given[1].reason as Error)))) })
    await client.create({ id, model: id })
    await client.send(id, 'First.')
    const { page } = await stage.open(`/agents/${id}/chat`)
    const sent = client.send(id, 'Second.')
    await page.locator('.reply').getByText('Wait.').waitFor()
    await page.getByRole('button', { name: /^Cancel/ }).click()
    expect((await sent).end).toBe('cancelled')
    await client.schedule(id, { id: 'third', text: 'Third', afterMs: 1 })
    await page.locator('.turn').nth(2).waitFor()
    await page.reload()
    await page.locator('.remark.warn').getByText('Cancelled').waitFor()
    await page.getByRole('link', { name: 'Time', exact: true }).click()
    const rows = page.locator('.time tbody tr')
    await expect.poll(async () => (await rows.locator('td:last-child').allInnerTexts()).slice(1)).toEqual(['cancelled', 'completed'])
    await client.cancel(id)
  })

  test('come with the timers that are set meanwhile [web:page]', async () => {
    const { client } = stage.agents
    const id = await agent('timer', [say('It is set.')])
    const { page } = await stage.open(`/agents/${id}/time`)
    await page.getByText('The agent has no timer.').waitFor()
    await client.schedule(id, { id: 'tea', text: 'Time for tea', afterMs: 30 * 3_600_000 })
    await client.send(id, 'Remind me.')
    await page.getByText('Time for tea').waitFor()
    // A day from now may not be tomorrow.
    expect(await page.getByRole('region', { name: 'Timers' }).locator('time').innerText()).toBe('in 1 day')
  })

  test('have timers that come nearer while one looks at them [web:page]', async () => {
    const id = await agent('nearer', [say('Here.')])
    await stage.agents.client.schedule(id, { id: 'tea', text: 'Time for tea', afterMs: 30 * 3_600_000 })
    const { page } = await stage.open('/')
    await page.clock.install()
    await page.goto(`${stage.url}/agents/${id}/time`)
    const due = page.getByRole('region', { name: 'Timers' }).locator('time')
    await due.getByText('in 1 day').waitFor()
    // No answer says what the server's clock says: so far as the page knows the hours have passed for both.
    await page.route('**', () => {})
    await page.clock.fastForward('10:00:00')
    await due.getByText('in 20 hr').waitFor()
  })

  test('do not take the page along where something can’t be drawn [web:page]', async () => {
    const id = await agent('undrawn', [say('Here.')])
    const { page } = await stage.open('/')
    await page.route('**/timers', (route) => route.fulfill({ json: { timers: [{ id: 'tea', text: 'Time for tea', dueAt: 'some day' }] } }))
    await page.goto(`${stage.url}/agents/${id}/time`)
    await page.getByRole('alert').getByText('Invalid time value').waitFor()
    await page.getByRole('link', { name: 'Chat' }).click()
    await page.getByRole('textbox', { name: /^Message/ }).waitFor()
  })

  test.each([[950, '950 ms'], [59_940, '59.9 s'], [59_960, '1 min'], [119_700, '2 min'], [125_000, '2 min 5 s'], [3_599_900, '1 h'], [5_400_000, '1 h 30 min'], [86_400_000, '24 h']])('have taken %i ms, in words [web:page]', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  test('that were imported say so, and nothing that nobody has measured [web:page]', async () => {
    give('elsewhere', [say('Here.')])
    await stage.agents.client.importConversation({ id: 'elsewhere', model: 'elsewhere' }, [{ role: 'assistant', text: 'Welcome.', at: '2024-01-01T00:00:00Z' }, { role: 'user', text: 'Hello?', at: '2024-01-02T00:00:00Z' }, { role: 'assistant', text: 'Hello.', at: '2024-01-02T00:01:00Z' }])
    await stage.agents.client.send('elsewhere', 'And now?')
    const { page } = await stage.open('/agents/elsewhere/time/2')
    await page.getByRole('heading', { name: 'Turn 2, imported' }).waitFor()
    expect(await page.getByText('Wait before').count()).toBe(0)
    const cells = async (row: number): Promise<string[]> => (await page.locator('.time tbody tr').nth(row).locator('td').allInnerTexts()).slice(2)
    expect(await cells(1)).toEqual(['–', '–', '–', '–', '–', 'imported'])
    expect(await cells(2)).toEqual(['–', '–', '–', '–', '–', 'imported'])
    expect((await cells(0))[0]).toBe('1')
    await page.getByRole('link', { name: 'what was said' }).click()
    await page.getByText('Here.').waitFor()
    expect(await page.locator('.turn .figures').count()).toBe(1)
  })

  test('are a table, and each of them a timeline of its steps and tools, which leads to their prompts [web:page]', async () => {
    const { client } = stage.agents
    const id = await agent('timed', [call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.'), call('core_memory_replace', { label: 'human', old_text: 'nothing', new_text: 'x' }), say('Aye.')])
    await client.schedule(id, { id: 'tea', text: 'Time for tea', afterMs: 3_600_000, everyMs: 86_400_000 })
    await client.send(id, 'I like tea.')
    await client.send(id, 'And boats?')
    const { page } = await stage.open(`/agents/${id}/time`)
    await page.getByRole('heading', { name: /^Turn 2, in/ }).waitFor()
    const rows = page.locator('.time tbody tr')
    await expect.poll(() => rows.count()).toBe(2)
    expect(await rows.first().innerText()).toMatch(/^2\s.*And boats\?.*\b2\b/s)
    expect(await rows.last().locator('td').last().innerText()).toBe('completed')
    expect(await page.locator('.timeline .span.failed .what').first().innerText()).toContain('core_memory_replace failed')
    await page.getByText('Time for tea').waitFor()
    expect(await page.getByRole('link', { name: "The agent's workflow in Temporal's Web UI" }).getAttribute('href')).toBe(`http://temporal-ui.test/namespaces/default/workflows/agent%3A${id}`)
    expect(await findingsOf(page)).toEqual([])
    await rows.last().getByRole('link', { name: '1' }).click()
    await page.getByRole('heading', { name: /^Turn 1, in/ }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/agents/${id}/time/1`)
    expect(await page.locator('.timeline .what').allInnerTexts()).toEqual(['user-message', 'Step 1: Inference (event)', 'core_memory_append', 'Step 2: Inference (heartbeat)', 'send_message'])
    await page.getByRole('link', { name: 'Step 2: Inference (heartbeat)' }).click()
    await page.getByText('✓ The very prompt.').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/agents/${id}/context/1/2`)
  })

  test('are shown whole, however many steps they have: what is not loaded of one is loaded for its timeline [web:page]', async () => {
    const { client } = stage.agents
    const steps = Array.from({ length: 45 }, (_, index) => call('core_memory_replace', { label: 'human', old_content: `${index}`, new_content: `${index + 1}` }, { heartbeat: true }))
    const id = await agent('many-steps', [call('core_memory_append', { label: 'human', content: '0' }, { heartbeat: true }), ...steps, say('Counted.'), say('Yes.')], { contextWindow: 200_000, budget: { steps: 100 } })
    await client.send(id, 'Count.')
    await client.send(id, 'Done?')
    // Of its 95 messages the latest page has 60 at the most.
    const { page } = await stage.open(`/agents/${id}/time/1`)
    await page.getByRole('heading', { name: /^Turn 1, in/ }).waitFor()
    expect(await page.locator('.timeline .is-inference').count()).toBe(47)
    expect(await page.locator('.timeline .is-event').count()).toBe(1)
    const row = page.locator('.time tbody tr').filter({ hasText: 'Count.' })
    expect(await row.innerText()).toMatch(/\b47\b/)
    expect(await row.innerText()).not.toContain('at least')
  })

  test('show the summary that a compaction has left, when somebody opens it [web:page pressure:flush]', async () => {
    const { client } = stage.agents
    give('compacted', scriptedModel([], { withoutTools: think('They talked of tides.'), afterwards: say('I see.') }))
    await client.create({ id: 'compacted', model: 'compacted', contextWindow: 4_000 })
    for (let topic = 0; (await client.state('compacted')).counters.compactions < 1; topic += 1) await client.send('compacted', `About ${topic}: ${'the tide comes and goes and the boats lie in the harbour. '.repeat(12)}`)
    await client.send('compacted', 'And now?')
    const first = (await client.messages('compacted', { limit: 1_000 })).find(({ context }) => context?.prompt?.summary !== undefined)
    const { page } = await stage.open(`/agents/compacted/time/${first?.turn ?? 0}`)
    const span = page.locator('.timeline .span').filter({ hasText: 'after a compaction' })
    await span.getByText('The summary').focus()
    await page.keyboard.press('Enter')
    await span.getByText('They talked of tides.').waitFor()
    expect(await span.locator('details .text').innerText()).toMatch(/^Summary of \d+ earlier messages/)
    expect(await span.innerText()).toMatch(/after a compaction, which took out messages 1–\d+/)
    expect(await findingsOf(page)).toEqual([])
  })

  test('say how long nothing came through, and what holds up the one that runs [web:page]', async () => {
    const { client } = stage.agents
    const id = await agent('retried', [fail(new ModelError('rate-limited', 'too many requests', { retryAfterMs: 1_500 })), say('At last.'), call('core_memory_append', { label: 'human', content: 'Waits' })], { approval: ['core_memory_append'] })
    await client.send(id, 'Are you there?')
    const { page } = await stage.open(`/agents/${id}/time`)
    await page.locator('.timeline .span.is-wait').getByText('Wait before step 1').waitFor()
    expect(await page.locator('.timeline .span.is-wait .when').innerText()).toMatch(/, for \d+\.\d s$/)
    await page.getByText('an attempt at the inference that failed').waitFor()
    await client.post(id, 'And now?')
    await page.getByText('It waits for somebody: core_memory_append.').waitFor()
    expect(await findingsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'Answer it in the chat' }).click()
    await page.getByText('May it call').waitFor()
  })

  test('come with the changes of blocks, newest first, which lead to their turns and versions [web:page]', async () => {
    const { client } = stage.agents
    const id = await agent('changing', [call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.')])
    const { page } = await stage.open(`/agents/${id}/time`, { width: 360, dark: true })
    const changes = page.getByRole('region', { name: 'Changes of blocks' })
    await changes.waitFor()
    await client.send(id, 'I like tea.')
    const first = changes.getByRole('listitem').first()
    await first.locator('strong').getByText('human').waitFor()
    expect(await first.innerText()).toContain(`by ${id}`)
    // What it began with is no change, and nobody's who wrote later.
    expect(await changes.getByRole('listitem').count()).toBe(1)
    await first.locator('summary').focus()
    await page.keyboard.press('Enter')
    await first.locator('ins').getByText('Likes tea').waitFor()
    // What a person writes meanwhile stands above it.
    await client.editBlock(id, 'human', 'Likes coffee')
    await first.getByText('by person').waitFor()
    expect(await tooWide(page)).toEqual([])
    expect(await findingsOf(page)).toEqual([])
    await changes.getByRole('link', { name: 'turn 1' }).click()
    expect(new URL(page.url()).pathname).toBe(`/agents/${id}/time/1`)
    await first.getByRole('link', { name: 'versions of human' }).click()
    await page.getByText('Compare from').waitFor()
  })

  test('fit a narrow window, and say that there are none yet [web:page]', async () => {
    const id = await agent('untimed', [say('Hello.')])
    const { page } = await stage.open(`/agents/${id}/time`, { width: 360, dark: true })
    await page.getByText('The agent has had no turn yet.').waitFor()
    await stage.agents.client.send(id, 'Hi')
    await page.getByRole('heading', { name: /^Turn 1, in/ }).waitFor()
    await page.getByText('The agent has no timer.').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await findingsOf(page)).toEqual([])
  })
})
