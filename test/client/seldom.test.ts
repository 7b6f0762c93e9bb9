import { expect, test } from 'vitest'
import { seldom } from '../../src/client/seldom.ts'

const run = (runId: string, status = 'live') => ({ agentId: 'a', runId, status, keyId: undefined })

test('one who waits asks the workflow only in a run that may have lost the event, where it is parked, or after half a minute [recover:from-stores history:replay]', async () => {
  let now = 0
  const asking = seldom(
    () => Promise.resolve(false),
    () => now,
  )
  const due = (which: ReturnType<typeof run>, ofPark: boolean) => asking.isDue(which, ofPark)
  expect([await due(run('one'), true), await due(run('one'), true)]).toEqual([false, false])
  expect([await due(run('one', 'parked'), true), await due(run('one', 'parked'), false)]).toEqual([true, false])
  expect(await due(run('two'), false)).toBe(true)
  // Nobody has answered.
  expect(await due(run('two'), false)).toBe(true)
  asking.asked(run('two'))
  expect(await due(run('two'), false)).toBe(false)
  now = 30_000
  expect(await due(run('two'), false)).toBe(true)
  asking.asked(run('two'))
  expect(await due(run('two'), false)).toBe(false)
})

test('a run that goes on from the one before is not asked, and the next is compared with it [history:replay]', async () => {
  const compared: string[] = []
  const asking = seldom(({ from, to }) => {
    compared.push(`${from} to ${to}`)
    return Promise.resolve(to !== 'reset')
  })
  const due = (runId: string) => asking.isDue(run(runId), false)
  expect([await due('one'), await due('two'), await due('two'), await due('three'), await due('reset')]).toEqual([false, false, false, false, true])
  expect(compared).toEqual(['one to two', 'two to three', 'three to reset'])
})
