import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SettleInput } from '../../src/protocol/activities.ts'
import type { NoticeKind } from '../../src/protocol/context.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
/** The worker dies when it has stored the notice. */
let isDying = false
beforeEach(async () => {
  isDying = false
  here = await setting({
    model: scriptedModel([call('core_memory_append', { label: 'human', content: 'Is patient' }, { heartbeat: true }), say('Hello.')]),
    faultPoint: (name) => {
      if (isDying && name === 'notice-stored') throw new Error('as if it died')
    },
  })
  await here.run('infer', firstStep('Hi'))
  await here.run('settle', { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 })
})
afterEach(() => here.close())

const secondStep = { agentId: 'ada', turn: 1, step: 2, op: 'ada/1/2', seq: 4, turnSeq: 1 } as const
const leaving = (notice: NoticeKind): SettleInput => ({ ...secondStep, cancelled: true, record: [], leaving: { ranges: [[1, 4]], notice } })
const opened = async () => {
  const found = await here.run('open', { agentId: 'ada', queueTokens: 10_000 })
  if (found === null) throw new Error('nothing is stored')
  return found
}
const popped = async () => (await here.stores.memory.messages.after('ada', 0, 10)).map((message) => message.popped === true)

describe('a turn that leaves the context at its second step', () => {
  test.for([
    ['refused by a content filter', 'content-filtered', { running: { turn: 1, pending: [], ending: { end: 'stopped', reason: 'content-filtered' } } }],
    ['cancelled', 'turn-cancelled', { running: { turn: 1, pending: [] }, cancelled: true }],
  ] as const)('%s, does so whole where its worker dies half-way and its workflow is lost, and goes on to no model [context:no-poison recover:from-stores]', async ([, notice, found]) => {
    isDying = true
    await expect(here.run('settle', leaving(notice))).rejects.toThrow('as if it died')
    const { queue, ...rest } = await opened()
    expect(rest).toMatchObject(found)
    expect(rest.running).not.toHaveProperty('stepSeq')
    expect([queue, await popped()]).toEqual([[], [true, true, true, true]])
  })

  test('does so whole at the next attempt [context:no-poison]', async () => {
    isDying = true
    await expect(here.run('settle', leaving('content-filtered'))).rejects.toThrow('as if it died')
    isDying = false
    expect(await here.run('settle', leaving('content-filtered'), 2)).toMatchObject({ inPlace: { left: true } })
    expect(await popped()).toEqual([true, true, true, true])
  })

  test('stays, in the store as in the queue, where the inference was stored after all [context:no-poison turn:cancel]', async () => {
    await here.run('infer', { ...firstStep('Hi'), ...secondStep, record: [], cause: 'heartbeat', queue: [[1, 3]] })
    const { inPlace } = await here.run('settle', leaving('turn-cancelled'))
    expect(inPlace?.left).toBeUndefined()
    expect(await popped()).toEqual([false, false, false, false, false])
  })
})
