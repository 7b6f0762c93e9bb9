import { afterEach, describe, expect, test, vi } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { fail, say, scriptedModel } from '../../src/testing.ts'
import { gate } from '../support/gate.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const stored = (): Promise<readonly StoredMessage[]> => here.stores.memory.messages.after('ada', 0, 10)
const opsStored = async () => (await stored()).map(({ seq, op }) => [seq, op])
const event = [1, 'ada/event/e1']
const both = [event, [2, 'ada/1/1']]

/** Does something when it is asked, and answers then. */
function answering(meanwhile: () => Promise<unknown>): ChatModel & { asked: number } {
  const scripted = scriptedModel([say('Hello.'), say('Hello.')])
  const model = {
    asked: 0,
    complete: async (...request: Parameters<ChatModel['complete']>) => {
      model.asked += 1
      await meanwhile()
      return scripted.complete(...request)
    },
  }
  return model
}

const anothers = (more: Partial<StoredMessage>): StoredMessage => ({ agentId: 'ada', op: 'ada/event/other', seq: 1, turn: 9, step: 1, role: 'user', eventId: 'other', text: 'Hi', tokens: 1, at: '2026-01-01T00:00:00.000Z', ...more })

describe('what is new in a step', () => {
  test('is stored with the answer of a model that answers at once, and before it [perf:floor live:watch]', async () => {
    const before: unknown[] = []
    here = await setting({ model: answering(async () => before.push(...(await stored()))) })
    await here.run('infer', firstStep('Hi'))
    expect(before).toEqual([])
    expect(await opsStored()).toEqual(both)
  })

  test('is in recall while a model has not answered [recall:never-deleted live:watch]', async () => {
    const answer = gate()
    here = await setting({ model: answering(() => answer.opened) })
    const inference = here.run('infer', firstStep('Hi'))
    await vi.waitUntil(async () => (await stored()).length > 0)
    expect(await opsStored()).toEqual([event])
    answer.open()
    await inference
    expect(await opsStored()).toEqual(both)
  })

  test.for([
    ['refuses', new ModelError('refused', 'no credit')],
    ['is away', new ModelError('unreachable', 'nobody there')],
    ['has too small a window', new ModelError('context-overflow', 'too long')],
  ] as const)('is in recall where the model %s, and stands before the step that comes of another attempt [recall:never-deleted turn:park-resume]', async ([, error]) => {
    here = await setting({ model: scriptedModel([fail(error), say('Hello.')]) })
    await here.run('infer', firstStep('Hi')).catch(() => undefined)
    expect(await opsStored()).toEqual([event])
    expect(await here.run('infer', firstStep('Hi'), 2)).toMatchObject({ outcome: 'stored', calls: [{ name: 'send_message' }] })
    expect(await opsStored()).toEqual(both)
  })

  test('is in recall before the model is asked again: where nothing can be written, that costs nothing a second time [recall:never-deleted turn:park-resume]', async () => {
    const before: unknown[] = []
    here = await setting({ model: answering(async () => before.push(await opsStored())) })
    await here.run('infer', firstStep('Hi'), 2)
    expect(before).toEqual([[event]])
    expect(await opsStored()).toEqual(both)
  })

  test('is in recall where the prompt leaves no room for a reply [recall:never-deleted context:budget]', async () => {
    here = await setting({ model: scriptedModel([]), agent: { contextWindow: 2_000 } })
    await here.run('infer', firstStep('Hi', { calibration: 1.5 }))
    expect(await opsStored()).toEqual([event])
  })

  test('is in recall where the step has an answer though it was cancelled meanwhile: the workflow goes by it [recall:never-deleted turn:cancel]', async () => {
    const refused: ChatModel = {
      complete: () => {
        here.cancel()
        return Promise.reject(new ModelError('context-overflow', 'too long'))
      },
    }
    here = await setting({ model: refused })
    expect(await here.run('infer', firstStep('Hi'))).toMatchObject({ outcome: 'overflow', recorded: [expect.any(Number)] })
    expect(await opsStored()).toEqual([event])
  })

  test('is not written after the end of a step that is cancelled: the agent may be deleted then [agent:generations turn:cancel]', async () => {
    const [begun, write] = [gate(), gate()]
    here = await setting({ model: { complete: async (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))) } })
    const { messages } = here.stores.memory
    const quick = { ...messages }
    Object.assign(messages, {
      insert: async (message: StoredMessage) => {
        begun.open()
        await write.opened
        return quick.insert(message)
      },
    })
    let ended = false
    const inference = here.run('infer', firstStep('Hi')).catch(() => undefined).then(() => (ended = true))
    await begun.opened
    here.cancel()
    await new Promise(setImmediate)
    expect(ended).toBe(false)
    write.open()
    await inference
    expect(await opsStored()).toEqual([event])
  })

  test('is what another attempt has recorded meanwhile, and the step comes behind it [recall:never-deleted]', async () => {
    const recorded = anothers({ op: 'ada/event/e1', turn: 1, eventId: 'e1', text: 'Hi' })
    here = await setting({ model: answering(() => here.stores.memory.messages.insert(recorded)) })
    expect(await here.run('infer', firstStep('Hi'))).toMatchObject({ outcome: 'stored' })
    expect(await opsStored()).toEqual(both)
    expect((await stored())[0]).toEqual(recorded)
  })

  test('leads to no step where another turn has handled the event meanwhile [mailbox:dedupe]', async () => {
    const handled = anothers({ op: 'ada/event/e1', seq: 7, eventId: 'e1' })
    here = await setting({ model: answering(() => here.stores.memory.messages.insert(handled)) })
    expect(await here.run('infer', firstStep('Hi'))).toEqual({ outcome: 'duplicate' })
    expect(await stored()).toEqual([handled])
  })

  test('under a number that is taken is refused before any model is asked [recover:from-stores cost]', async () => {
    const model = answering(() => Promise.resolve())
    here = await setting({ model })
    await here.stores.memory.messages.insert(anothers({}))
    await expect(here.run('infer', firstStep('Hi'))).rejects.toMatchObject({ type: 'numbers-behind' })
    expect(model.asked).toBe(0)
    expect(await stored()).toHaveLength(1)
  })

  test('under a number that is taken while the model is asked is refused, and nothing is stored [recover:from-stores]', async () => {
    here = await setting({ model: answering(() => here.stores.memory.messages.insert(anothers({}))) })
    await expect(here.run('infer', firstStep('Hi'))).rejects.toMatchObject({ type: 'numbers-behind' })
    expect(await stored()).toEqual([anothers({})])
  })
})
