import { randomUUID } from 'node:crypto'
import { isGrpcServiceError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure, RawValue } from '@temporalio/common'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { errorCodes, type ErrorCode } from '../../src/protocol/errors.ts'
import type { IncomingEvent } from '../../src/protocol/events.ts'
import { handlerNames, workflowType } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { limits } from '../../src/protocol/limits.ts'
import { initialState } from '../../src/protocol/state.ts'
import { controlSettingsOf } from '../../src/protocol/definition.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { say, scriptedModel, type ChatModel, type ScriptedModel } from '../../src/testing.ts'
import { almost, hostileJson, hostileText } from '../fuzz/hostile.ts'
import { runsOf } from '../replay/runs-of.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

const echo = (): ScriptedModel => scriptedModel([], { afterwards: () => say('here') })

async function begin(model: ChatModel): Promise<WorkflowHandle> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
  return agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
}

/** Answered, refused by a code of ours, or too large for the server, which says so itself. */
async function codeOf(answer: Promise<unknown>): Promise<ErrorCode | 'answered' | 'server'> {
  try {
    await answer
    return 'answered'
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error
    if (cause instanceof ApplicationFailure && errorCodes.includes(cause.type as ErrorCode)) return cause.type as ErrorCode
    if (isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause))) return 'server'
    throw error
  }
}

/** As another SDK would send it: JavaScript's own encoder does not write what is nested so deeply. */
const deep = (): RawValue => RawValue.fromPayload({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(`${'{"event":['.repeat(10_000)}${']}'.repeat(10_000)}`) })

async function assertUnharmed(): Promise<void> {
  expect((await agents.client.send(agents.agentId, 'are you there?')).replyTexts).toEqual(['here'])
  const events = (await runsOf(agents.temporal, workflowIdOf(agents.agentId))).flatMap((run) => run.events ?? [])
  const failed = events.flatMap(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes?.failure?.message ?? [])
  // The server's own word: something came while the run was continued as new, and the task is done once more.
  expect(failed.filter((message) => message !== 'UnhandledCommand')).toEqual([])
}

const id = fc.oneof(fc.uuid(), hostileText)
const whole = fc.oneof(fc.nat(), fc.double())
const event = almost({ id, kind: fc.constantFrom('heartbeat', 'user-message', 'login', 'timer', 'x'), bytes: whole, text: hostileText })
const updates: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  [handlerNames.event]: almost({ event, wait: fc.constant('accepted') }),
  [handlerNames.command]: almost({ id, command: almost({ type: fc.constantFrom('pop', 'save', 'load'), name: hostileText }) }),
  [handlerNames.answer]: almost({ op: hostileText, answer: fc.constantFrom('approve', 'edit'), id: hostileText }),
  [handlerNames.budget]: almost({ turn: almost({ steps: fc.integer({ min: 5, max: 99 }) }), agent: almost({ tokens: fc.constant(null) }) }),
  [handlerNames.schedule]: almost({ id: hostileText, at: whole, bytes: fc.nat(), text: hostileText, everyMs: whole }),
  [handlerNames.unschedule]: almost({ id: hostileText }),
  [handlerNames.cancel]: hostileJson,
  [handlerNames.resume]: hostileJson,
}

describe('an agent that is sent garbage by Temporal', () => {
  test.each(Object.keys(updates))('as the update %s refuses it by name, fails no task, and answers the next message [event:user-update]', async (name) => {
    const handle = await begin(echo())
    const arbitrary = updates[name] ?? hostileJson
    await fc.assert(
      fc.asyncProperty(arbitrary, async (input) => {
        await codeOf(handle.executeUpdate<unknown, [unknown]>(name, { args: [input] }))
      }),
      { numRuns: 40, endOnFailure: true },
    )
    await assertUnharmed()
  })

  test('as signals counts it, fails no task, and answers the next message [event:user-signal]', async () => {
    const handle = await begin(echo())
    const garbage = [...fc.sample(event, 100), deep(), 'x'.repeat(1_500_000)]
    for (const input of garbage) await handle.signal(handlerNames.eventSignal, input)
    await assertUnharmed()
    const { counters, mailbox } = await agents.client.state(agents.agentId)
    expect(counters.refusedSignals).toBeGreaterThan(0)
    expect(mailbox).toEqual([])
  })

  test('nested 10,000 deep, or of a megabyte, refuses it by name [event:user-update]', async () => {
    const handle = await begin(echo())
    const send = (input: unknown) => codeOf(handle.executeUpdate(handlerNames.event, { args: [input] }))
    expect(await send(deep())).toBe('invalid-argument')
    expect(await send({ event: { id: 'x', kind: 'user-message', bytes: 1, text: 'x'.repeat(1_000_000) } })).toBe('message-too-large')
    expect(await send({ event: { id: 'x'.repeat(1_000_000), kind: 'user-message', bytes: 1 } })).toBe('invalid-argument')
    expect(await send({ event: { id: 'm', kind: 'user-message', bytes: 1, text: 'x', junk: 'x'.repeat(1_000_000) }, wait: 'accepted' })).toBe('answered')
    await assertUnharmed()
  })
})

describe('the largest that is permitted', () => {
  test('of a message goes through and is kept to the letter; one more byte is refused by name [event:user-update, mailbox:durable]', async () => {
    await begin(echo())
    const { client, agentId } = agents
    const text = 'é'.repeat(limits.eventTextBytes / 2)
    const eventId = 'e'.repeat(limits.eventIdCharacters)
    expect((await client.send(agentId, text, { eventId })).end).toBe('completed')
    expect((await client.messages(agentId))[0]).toMatchObject({ text, eventId })
    await expect(client.send(agentId, `${text}x`)).rejects.toMatchObject({ code: 'message-too-large' })
    await expect(client.send(agentId, 'x', { eventId: `${eventId}e` })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.send(agentId, 'x', { eventId: 'a b' })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('of calls, arguments and text in one step goes through; more is cut, and the model reads so [step:malformed-call, step:parallel-calls]', async () => {
    const big = 'x'.repeat(limits.toolArgumentsBytes - 100)
    const calls = (...messages: readonly string[]) => messages.map((message, index) => ({ id: `c${index}`, name: 'send_message', arguments: JSON.stringify({ message }) }))
    const many = Array.from({ length: limits.callsPerStep + 5 }, (_, index) => (index === 0 ? big : `n${index}`))
    const reply = (text: string, ...messages: readonly string[]) => ({ text, toolCalls: calls(...messages), finishReason: 'tool-calls' as const })
    // By what it reads, not by how often it is asked: a slow machine has an inference tried again.
    await begin({
      complete: async ({ messages }) => {
        const last = messages.at(-1)?.content ?? ''
        if (last.includes('everything at once')) return reply('t'.repeat(limits.modelTextCharacters + 1), ...many)
        return last.includes('too large') ? reply('', 'x'.repeat(limits.toolArgumentsBytes)) : reply('', 'here')
      },
    })
    const { client, agentId } = agents
    const { replyTexts } = await client.send(agentId, 'everything at once')
    expect(replyTexts).toHaveLength(limits.callsPerStep)
    expect(replyTexts[0]).toBe(big)
    const step = (await client.messages(agentId)).find(({ role }) => role === 'assistant')
    expect(step?.calls).toHaveLength(limits.callsPerStep)
    expect(step?.text).toContain(`cut here: the text had ${limits.modelTextCharacters + 1} characters`)
    expect(step?.text).toContain('5 more calls were left out')
    const second = await client.send(agentId, 'too large')
    expect(second.replyTexts).toEqual(['here'])
    const refused = (await client.messages(agentId)).find(({ role, ok, turn }) => role === 'tool' && ok === false && turn === second.turn)
    expect(refused?.text).toContain(`more than the ${limits.toolArgumentsBytes} bytes`)
  })

  test('of a definition and of its blocks is stored, read, saved as a checkpoint and loaded; one more character is refused by name [agent:create, core:append-replace]', async () => {
    agents = await startAgents({ model: echo() })
    const { client, agentId } = agents
    const count = limits.coreMemoryCharacters / limits.blockLimitCharacters
    const value = '語'.repeat(limits.blockLimitCharacters)
    const blocks = Array.from({ length: count }, (_, index) => ({ label: `b${index}`, limit: limits.blockLimitCharacters, value }))
    const large = { id: agentId, model: 'm'.repeat(limits.modelNameCharacters), contextWindow: 10_000_000, instructions: 'i'.repeat(limits.instructionsCharacters), blocks }
    await client.create(large)
    for (const { label } of blocks) await client.editBlock(agentId, label, value.replace('語', '言'))
    expect((await client.blocks(agentId)).map((block) => block.value)).toEqual(blocks.map(() => value.replace('語', '言')))
    expect((await client.command(agentId, { type: 'save', name: 's'.repeat(64) })).status).toBe('done')
    expect((await client.command(agentId, { type: 'load', name: 's'.repeat(64) })).status).toBe('done')
    await expect(client.command(agentId, { type: 'save', name: 's'.repeat(65) })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.editBlock(agentId, 'b0', `${value}x`)).rejects.toMatchObject({ code: 'block-too-large' })
    await expect(client.editBlock(agentId, 'b0', 'x', { author: 'p'.repeat(limits.authorCharacters + 1) })).rejects.toMatchObject({ code: 'invalid-argument' })
    for (const wrong of [
      { instructions: `${large.instructions}i` },
      { model: `${large.model}m` },
      { blocks: [...blocks, { label: 'more', limit: 1 }] },
      { blocks: undefined, persona: 'p'.repeat(limits.blockLimitCharacters + 1) },
      { tools: Array.from({ length: limits.tools + 1 }, (_, index) => `t${index}`) },
      { contextWindow: NaN },
    ]) {
      const { blocks: given = blocks, ...rest } = { ...large, ...wrong }
      const input = 'persona' in wrong ? { ...rest, id: 'other' } : { ...rest, blocks: given, id: 'other' }
      await expect(client.create(input)).rejects.toMatchObject({ code: 'invalid-argument' })
    }
  })
})

describe('a mailbox that is full', () => {
  test('turns the next event away by name, is carried through continue-as-new whole, and takes more when there is room [mailbox:durable, pressure:continue-as-new]', async () => {
    agents = await startAgents({ model: echo() })
    const { client, agentId, temporal, taskQueue } = agents
    const definition = defineAgent({ id: agentId, model: 'scripted' })
    await agents.stores.memory.agents.create({ definition, digest: 'd', createdAt: new Date().toISOString() })
    const state = initialState(agentId, controlSettingsOf(definition))
    state.opened = true
    state.parked = { reason: 'model-refused', detail: 'until somebody helps', since: Date.now() }
    const waiting = (index: number): IncomingEvent => ({ id: `${randomUUID()}-${index}`, kind: 'heartbeat', bytes: 0 })
    state.mailbox = Array.from({ length: limits.mailboxEvents - 1 }, (_, index) => ({ event: waiting(index), acceptedAt: Date.now() }))
    const handle = await temporal.workflow.start(workflowType, { workflowId: workflowIdOf(agentId), taskQueue, args: [state] })
    const { runId } = await handle.describe()

    const last = await client.post(agentId, 'the last one that fits')
    expect(last.position).toBe(limits.mailboxEvents)
    await expect(client.post(agentId, 'one more')).rejects.toMatchObject({ code: 'mailbox-full' })
    for (let index = 0; index < 310; index += 1) await handle.signal(handlerNames.eventSignal, waiting(index))
    const present = (): Promise<string> => temporal.workflow.getHandle(workflowIdOf(agentId)).describe().then((description) => description.runId)
    await expect.poll(present, { timeout: 30_000 }).not.toBe(runId)
    const { mailbox, counters } = await client.state(agentId)
    expect(counters.continuedAsNew).toBeGreaterThan(0)
    expect(mailbox.map(({ eventId }) => eventId)).toEqual([...state.mailbox.map((queued) => queued.event.id), last.eventId])
    expect(counters.refusedSignals).toBe(310)
  })
})
