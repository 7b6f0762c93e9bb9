import { describe, expect, test } from 'vitest'
import { call, fail, say, scriptedModel } from '../../src/testing.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { slowModel } from '../support/slow-model.ts'
import { findingsOf } from './support/accessible.ts'
import { chat, replies, useChats, write } from './support/chats.ts'

const { stage, agent } = useChats()

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

  test('is answered by keyboard alone: what was asked next has it then, or the message [web:page]', async () => {
    const id = await agent('cantor', [[call('core_memory_append', { label: 'human', content: 'One' }), call('core_memory_append', { label: 'human', content: 'Two' }, { heartbeat: true })], say('Noted.')], { approval: ['core_memory_append'] })
    const { page } = await stage.open(chat(id))
    await write(page, 'Note both.')
    const focused = () => page.evaluate('document.activeElement.closest(".approval") === null ? document.activeElement.id : "approval"')
    const approve = page.getByRole('button', { name: 'Approve', exact: true }).first()
    for (let left = 2; left > 0; left -= 1) {
      await expect.poll(() => page.locator('.approval').count()).toBe(left)
      await approve.focus()
      await page.keyboard.press('Enter')
      await expect.poll(focused).toBe(left === 1 ? 'message' : 'approval')
    }
    await page.locator('.reply').getByText('Noted.').waitFor()
    expect(await focused()).toBe('message')
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
