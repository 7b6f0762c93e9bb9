import { afterAll, describe, expect, test } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { audit } from './support/audit.ts'
import { calls, completion, sends, type Behaviour } from './support/misbehaving-model.ts'
import { startModelWorlds, type ModelWorld } from './support/model-worlds.ts'

const worlds = await startModelWorlds({ timeoutMs: 20_000 })
afterAll(() => worlds.close())

const append = (content: string, id?: string) => ({ name: 'core_memory_append', arguments: JSON.stringify({ label: 'human', content }), ...(id !== undefined && { id }) })

/** The turn ends as told, and the agent is as well as before. Returns what the calls' results say, in order. */
async function replied(row: string, behaviours: readonly Behaviour[], ends: Readonly<Record<string, unknown>>): Promise<{ readonly world: ModelWorld; readonly results: readonly string[] }> {
  const world = await worlds.open(row, behaviours)
  expect(await world.client.send(world.agentId, 'Hi', { eventId: 'hi' })).toMatchObject(ends)
  const { messages } = await audit(world, { hi: 'Hi' })
  return { world, results: messages.flatMap(({ role, turn, text }) => (role === 'tool' && turn === 1 ? [text] : [])) }
}

const well = { end: 'completed', replyTexts: ['Hello.'] }

describe.concurrent('a model that answers wrongly', { timeout: 120_000 }, () => {
  test('by an empty message is told that nobody got it, and has another step [step:tools-only]', async () => {
    const { world } = await replied('model-empty', [completion({ content: '' }), completion({ content: null, tool_calls: [] }), sends('Hello.')], well)
    expect(world.asked).toHaveLength(3 + 1)
  })

  test('by text where a call is due is told so, a bounded number of times; then the turn is stopped and says why [step:tools-only turn:named-end]', async () => {
    const { world } = await replied('model-text', Array<Behaviour>(3).fill(completion({ content: 'I would rather just talk.' })), { end: 'stopped', reason: 'no-tool-call', replyTexts: [] })
    expect(world.asked).toHaveLength(3 + 1)
  })

  test('by calling tools that there are not reads which there are [step:malformed-call]', async () => {
    const { results } = await replied('model-unknown-tool', [calls({ name: 'launch_rocket', arguments: '{}' }), sends('Hello.')], well)
    expect(results[0]).toContain('send_message')
  })

  test('by calling tools that there are not, again and again, has its turn stopped by name [step:malformed-call turn:named-end]', async () => {
    const { world } = await replied('model-unknown-tools', Array<Behaviour>(3).fill(calls({ name: 'launch_rocket', arguments: '{}' })), { end: 'stopped', reason: 'malformed-calls' })
    expect(world.asked).toHaveLength(3 + 1)
  })

  test('by arguments that are no JSON reads what is wrong with them [step:malformed-call]', async () => {
    const { results } = await replied('model-broken-json', [calls({ name: 'send_message', arguments: '{"message": "Hel' }), sends('Hello.')], well)
    expect(results[0]).toMatch(/JSON/)
  })

  test('by arguments of a megabyte reads how much they may be, and the turn goes on [step:malformed-call context:budget]', async () => {
    const { results } = await replied('model-large-arguments', [calls(append('x'.repeat(1024 * 1024))), sends('Hello.')], well)
    expect(results[0]).toContain(String(limits.toolArgumentsBytes))
  })

  test('by 500 calls in one answer has a result for each of those that are kept, and the turn goes on [step:parallel-calls step:pairing]', async () => {
    const many = Array.from({ length: 500 }, (_, index) => append(`${index}.`, `call-${index}`))
    const { results } = await replied('model-many-calls', [calls(...many), sends('Hello.')], { end: 'completed' })
    expect(results.length).toBeGreaterThan(0)
  })

  test('by giving several calls one id has each answered by its own result [step:pairing]', async () => {
    const { results } = await replied('model-same-ids', [calls(append('One.', 'same'), append('Two.', 'same'), { name: 'nonsense', arguments: '{}', id: 'same' }), sends('Hello.')], well)
    expect(results).toHaveLength(4)
    expect(results[2]).toContain('nonsense')
  })
})
