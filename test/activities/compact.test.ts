import { afterEach, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { limitsNamedIn, type NamedLimits } from '../../src/model/named-limits.ts'
import { fail, say, scriptedModel, think } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

/** Refuses the first request for a summary with what it names. */
const refusingOnce = (limits: NamedLimits): ChatModel & { readonly requests: readonly unknown[] } => {
  let refused = false
  return scriptedModel([say('Hello.')], {
    withoutTools: () => {
      if (refused) return think('They greeted each other.')
      refused = true
      return fail(new ModelError('context-overflow', 'too long', { status: 413, limits }))
    },
  })
}

test.each<[string, NamedLimits, number | undefined]>([
  ['a smaller window, which it tells the workflow', { window: 4_000 }, 4_000],
  ['a limit of the rate, which is no window', limitsNamedIn('tokens per minute (TPM): Limit 6000, Requested 7500'), undefined],
])('a summary is asked for in smaller pieces where a refusal names %s [pressure:flush model:any]', async (_what, limits, window) => {
  const model = refusingOnce(limits)
  here = await setting({ model, agent: { contextWindow: 16_000 } })
  await here.run('infer', firstStep('Hi'))
  const result = await here.run('compact', { agentId: 'ada', op: 'ada/compaction/1', evict: [[1, 2]], maxTokens: 400 })
  expect(result.window).toBe(window)
  expect((await here.stores.memory.summaries.get('ada', 'ada/compaction/1'))?.byModel).toBe(true)
  expect(model.requests).toHaveLength(3)
})
