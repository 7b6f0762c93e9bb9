import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { countMessageTokens, countToolsTokens } from '../../src/model/tokens.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { call, fail, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel, contextWindow = 4_000): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', contextWindow })
}

const isAlert = ({ messages }: ModelRequest): boolean => messages.at(-1)?.content.includes('"memory_pressure"') ?? false
const textOf = ({ messages }: ModelRequest): string => messages.map(({ content }) => content).join('\n')
const long = (topic: string): string => `About ${topic}: ${'the tide comes and goes and the boats lie in the harbour. '.repeat(12)}`

/** Answers everything; saves when alerted; summarises when asked. */
function keeper(): ScriptedModel {
  return scriptedModel([], {
    withoutTools: (request) => think(`Summary number ${textOf(request).includes('Summary number 1') ? 2 : 1}: boats and tides.`),
    afterwards: (request) => (isAlert(request) ? call('core_memory_append', { label: 'human', content: 'Talks of harbours' }) : say('I see.')),
  })
}

/** Until the agent has been compacted that often. */
async function talkUntil(compactions: number): Promise<void> {
  for (let index = 0; index < 60; index += 1) {
    await agents.client.send(agents.agentId, long(`topic ${index}`))
    if ((await agents.client.state(agents.agentId)).counters.compactions >= compactions) return
  }
}

describe('memory pressure', () => {
  test('alerts once and gives a step to save, before anything is evicted [pressure:alert]', async () => {
    const model = keeper()
    await withModel(model)
    const alerts = () => model.requests.filter(isAlert).length
    for (let index = 0; index < 30 && alerts() === 0; index += 1) await agents.client.send(agents.agentId, long(`topic ${index}`))
    await agents.client.send(agents.agentId, 'Short.')
    await agents.client.send(agents.agentId, 'Shorter.')
    expect(alerts()).toBe(1)
    expect((await agents.client.state(agents.agentId)).counters.compactions).toBe(0)
    expect((await agents.client.blocks(agents.agentId)).find(({ label }) => label === 'human')?.value).toBe('Talks of harbours')
  })

  test('evicts a chunk, puts a summary at the head of the queue, and continues as new [pressure:flush pressure:continue-as-new]', async () => {
    const model = keeper()
    await withModel(model)
    await talkUntil(1)
    const state = await agents.client.state(agents.agentId)
    expect(state.counters.continuedAsNew).toBeGreaterThanOrEqual(1)
    expect(state.evicted).toBeGreaterThan(0)
    await agents.client.send(agents.agentId, 'And now?')
    const prompt = textOf(model.requests.at(-1) as ModelRequest)
    expect(prompt).toContain('Summary number 1')
    expect(prompt).not.toContain('topic 0')
    expect(prompt).toContain(`${state.evicted} earlier messages are in recall memory`)
  })

  test('includes the earlier summary in the next one [pressure:flush]', async () => {
    const model = keeper()
    await withModel(model)
    await talkUntil(2)
    await agents.client.send(agents.agentId, 'And now?')
    const last = textOf(model.requests.at(-1) as ModelRequest)
    expect(last).toContain('Summary number 2')
    expect(last).not.toContain('Summary number 1')
  })

  test('loses nothing from recall [recall:never-deleted]', async () => {
    await withModel(keeper())
    await talkUntil(1)
    const found = await agents.client.searchRecall(agents.agentId, { text: 'topic 0' })
    expect(found.messages.some(({ text }) => text.startsWith('About topic 0:'))).toBe(true)
  })

  test('never lets a prompt exceed the window [context:budget]', async () => {
    const model = keeper()
    await withModel(model)
    await talkUntil(2)
    const prompts = (await agents.client.messages(agents.agentId)).flatMap(({ context }) => (context ? [context.countedTokens] : []))
    expect(Math.max(...prompts)).toBeLessThan(4_000)
  })
})

describe('a compaction', () => {
  test('falls back to a bounded summary where the summariser refuses [pressure:transaction]', async () => {
    const model = scriptedModel([], { withoutTools: fail(new ModelError('bad-request', 'no summaries here', { status: 400 })), afterwards: say('I see.') })
    await withModel(model)
    await talkUntil(1)
    await agents.client.send(agents.agentId, 'And now?')
    expect(textOf(model.requests.at(-1) as ModelRequest)).toContain('left the context unsummarised')
  })

  test('tries again where the summary is empty, and then falls back [pressure:transaction]', async () => {
    const model = scriptedModel([], { withoutTools: think('  '), afterwards: say('I see.') })
    await withModel(model)
    await talkUntil(1)
    await agents.client.send(agents.agentId, 'And now?')
    expect(textOf(model.requests.at(-1) as ModelRequest)).toContain('left the context unsummarised')
  })
})

describe('a provider that says the context is too long', () => {
  const overflow = fail(new ModelError('context-overflow', 'maximum context length is 2000 tokens', { status: 400 }))

  test('makes the agent compact and try once more [pressure:transaction]', async () => {
    let refusals = 0
    const model = scriptedModel([], {
      withoutTools: think('A summary.'),
      afterwards: ({ messages }) => {
        if (!messages.at(-1)?.content.includes('the last straw') || refusals > 0) return say('I see.')
        refusals += 1
        return overflow
      },
    })
    await withModel(model, 32_000)
    for (let index = 0; index < 4; index += 1) await agents.client.send(agents.agentId, long(`topic ${index}`))
    expect(await agents.client.send(agents.agentId, 'the last straw')).toMatchObject({ end: 'completed', figures: { steps: 1 } })
    expect((await agents.client.state(agents.agentId)).counters.compactions).toBe(1)
  })

  test('and names a smaller window than the one that is set is believed: the agent is compacted to that, and goes on, until somebody resumes it [model:any pressure:transaction]', async () => {
    const window = 3_000
    const model = scriptedModel([], {
      withoutTools: think('Boats and tides.'),
      afterwards: (request) => {
        const tokens = request.messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(request.tools))
        if (tokens + request.maxOutputTokens <= window) return say('I see.')
        return fail(new ModelError('context-overflow', 'too long', { status: 400, limits: { window, promptTokens: tokens } }))
      },
    })
    await withModel(model, 16_000)
    for (let index = 0; index < 12; index += 1) expect(await agents.client.send(agents.agentId, long(`topic ${index}`))).toMatchObject({ end: 'completed' })
    const state = await agents.client.state(agents.agentId)
    expect(state.contextWindow).toBe(window)
    expect(state.counters.compactions).toBeGreaterThan(0)
    // It was learned from one refusal.
    expect(model.requests.filter(({ maxOutputTokens }) => maxOutputTokens > window)).toHaveLength(1)
    expect(await agents.client.resume(agents.agentId)).toBe(false)
    expect((await agents.client.state(agents.agentId)).contextWindow).toBe(16_000)
  })

  test('parks the agent if that does not help, and the caller is told the sections [pressure:transaction context:budget]', async () => {
    const model = scriptedModel([say('One.'), say('Two.')], { withoutTools: think('A summary.'), afterwards: overflow })
    await withModel(model, 32_000)
    await agents.client.send(agents.agentId, long('one'))
    await agents.client.send(agents.agentId, long('two'))
    const result = await agents.client.send(agents.agentId, 'the last straw')
    expect(result).toMatchObject({ end: 'parked', reason: 'context-overflow' })
    expect(result.detail).toMatch(/instructions \d+, tools \d+, core memory \d+.*queue \d+/)
  })
})
