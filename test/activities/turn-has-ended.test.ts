import { afterEach, describe, expect, test } from 'vitest'
import { say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const step = { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 }
const figures = { steps: 1, promptTokens: 1, cachedTokens: 0, completionTokens: 1, latencyMs: 1 }
const ended = (end: 'cancelled' | 'parked') => here.stores.memory.turns.put('ada', { turn: 1, eventId: 'e1', end, replies: [], figures })
const repliesStored = async () => (await here.stores.memory.messages.after('ada', 0, 10)).flatMap(({ reply }) => reply ?? [])

describe('a turn that has its end in the stores, by a worker that was still at it when its workflow was lost', () => {
  test('asks no model any more [recover:from-stores]', async () => {
    const model = scriptedModel([say('Hello.')])
    here = await setting({ model })
    await ended('cancelled')
    await expect(here.run('infer', firstStep('Hi'))).rejects.toMatchObject({ type: 'numbers-behind' })
    expect(model.requests).toEqual([])
  })

  test('sends nothing any more, and each of its calls has a result [recover:from-stores step:pairing]', async () => {
    here = await setting({ model: scriptedModel([[say('Hello.'), say('How are you?')]]) })
    await here.run('infer', firstStep('Hi'))
    await ended('cancelled')
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: false }, { ok: false }], replies: [] })
    expect(await repliesStored()).toEqual([])
  })

  test('is not ended by a record of a park [recover:from-stores]', async () => {
    here = await setting({ model: scriptedModel([say('Hello.')]) })
    await ended('parked')
    await here.run('infer', firstStep('Hi'))
    await here.run('settle', step)
    expect(await repliesStored()).toEqual(['Hello.'])
  })
})

test('a turn without a step has no record where another turn of its event has ended: a reset may have put the event into the mailbox again [recover:from-stores turn:cancel]', async () => {
  here = await setting({ model: scriptedModel([say('Hello.')]) })
  const { turns } = here.stores.memory
  const outcome = { turn: 1, eventId: 'e1', end: 'completed', replies: [], figures } as const
  await here.run('endTurn', { agentId: 'ada', outcome })
  const again = { ...outcome, turn: 2, end: 'cancelled', figures: { ...figures, steps: 0 } } as const
  expect(await here.run('endTurn', { agentId: 'ada', outcome: again })).toEqual({ earlier: outcome })
  expect(await turns.get('ada', 2)).toBeUndefined()
  expect(await turns.byEvent('ada', 'e1')).toEqual(outcome)
  const other = { ...again, eventId: 'e2' }
  for (let attempt = 1; attempt <= 2; attempt++) expect(await here.run('endTurn', { agentId: 'ada', outcome: other })).toBeUndefined()
  expect(await turns.get('ada', 2)).toEqual(other)
})

test('a turn is not recorded as cancelled by a workflow that does not know all that is stored [recover:from-stores turn:cancel]', async () => {
  here = await setting({ model: scriptedModel([say('Hello.')]) })
  await here.run('infer', firstStep('Hi'))
  await here.run('settle', step)
  const outcome = { turn: 1, eventId: 'e1', end: 'cancelled', replies: [], figures } as const
  await expect(here.run('endTurn', { agentId: 'ada', outcome, nextSeq: 3 })).rejects.toMatchObject({ type: 'numbers-behind' })
  expect(await here.stores.memory.turns.get('ada', 1)).toBeUndefined()
  await here.run('endTurn', { agentId: 'ada', outcome: { ...outcome, replies: [3] }, nextSeq: 4 })
  expect(await here.stores.memory.turns.get('ada', 1)).toMatchObject({ end: 'cancelled', replies: [3] })
})
