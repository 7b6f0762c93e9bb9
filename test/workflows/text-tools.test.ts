import { afterEach, expect, test } from 'vitest'
import { openAIModel } from '../../src/model/openai.ts'
import { withToolFormat } from '../../src/model/tool-format.ts'
import { completion, imitateEndpoint, type ImitatedEndpoint } from '../support/imitated-endpoint.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
let endpoint: ImitatedEndpoint
afterEach(async () => {
  await agents.close()
  await endpoint.close()
})

/** An endpoint that refuses tools, and a model that answers with these texts. */
async function startWith(texts: readonly string[]): Promise<void> {
  let next = 0
  endpoint = await imitateEndpoint(({ body }) =>
    body.tools === undefined ? completion({ content: texts[next++] ?? '' }) : { status: 400, body: { error: { message: 'registry.ollama.ai/library/gemma3:4b does not support tools', type: 'api_error' } } },
  )
  agents = await startAgents({ model: withToolFormat(openAIModel({ baseURL: endpoint.url, apiKey: '' }), 'auto') })
  await agents.client.create({ id: agents.agentId, model: 'gemma3:4b' })
}

test('an agent whose model has no tool calls remembers and answers through JSON in text [model:any, step:tools-only, core:append-replace]', async () => {
  await startWith([
    'Her name matters.\n```json\n{"name": "core_memory_append", "arguments": {"label": "human", "content": "Name: Ada", "request_heartbeat": true}}\n```',
    '{"name": "send_message", "arguments": {"message": "Hello Ada"}}',
  ])
  const outcome = await agents.client.send(agents.agentId, 'I am Ada')
  expect(outcome).toMatchObject({ end: 'completed', replyTexts: ['Hello Ada'] })
  expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toBe('Name: Ada')
  const asked = JSON.stringify(endpoint.requests.at(-1)?.body)
  expect(asked).toContain('Her name matters.')
  expect(asked).not.toContain('"tool_calls"')
})

test('a call in text that is no JSON gets its error as its result, and another step [model:any, step:malformed-call]', async () => {
  await startWith(['{"name": "send_message", "arguments": {"message": "Hel', '{"name": "send_message", "arguments": {"message": "Hello"}}'])
  expect(await agents.client.send(agents.agentId, 'hi')).toMatchObject({ end: 'completed', replyTexts: ['Hello'] })
  expect(JSON.stringify(endpoint.requests.at(-1)?.body)).toMatch(/not JSON/)
})
