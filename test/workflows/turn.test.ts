import { afterEach, describe, expect, test } from 'vitest'
import { call, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

async function withScript(...steps: Parameters<typeof scriptedModel>[0]): Promise<ScriptedModel> {
  const model = scriptedModel(steps)
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
  return model
}

describe('a turn', () => {
  test('begins with a message and ends with the reply [event:user-update agent:one-workflow]', async () => {
    const model = await withScript(say('Hello Ada.'))
    const result = await agents.client.send(agents.agentId, 'Hi, I am Ada.')
    expect(result).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 1 } })
    model.assertDone()
  })

  test('goes on as long as calls ask for a heartbeat [step:heartbeat]', async () => {
    const model = await withScript(
      call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }),
      say('I will remember.'),
    )
    const result = await agents.client.send(agents.agentId, 'I am Ada.')
    expect(result).toMatchObject({ end: 'completed', replyTexts: ['I will remember.'], figures: { steps: 2 } })
    expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toBe('Name: Ada')
    expect(model.requests[1]?.messages[0]?.content).toContain('Name: Ada')
  })

  test('keeps inner thoughts out of what the user gets, and with their step in recall [step:inner-thoughts step:tools-only]', async () => {
    await withScript(think('I wonder who this is.'), say('Hello.'))
    const result = await agents.client.send(agents.agentId, 'Hi')
    expect(result.replyTexts).toEqual(['Hello.'])
    const thoughts = (await agents.client.messages(agents.agentId)).filter(({ role }) => role === 'assistant').map(({ text }) => text)
    expect(thoughts[0]).toBe('I wonder who this is.')
  })
})
