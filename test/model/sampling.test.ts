import { describe, expect, test } from 'vitest'
import type { ModelRequest } from '../../src/model/model.ts'
import { withSampling } from '../../src/model/sampling.ts'
import { withToolFormat } from '../../src/model/tool-format.ts'
import { scriptedModel, think } from '../../src/testing.ts'

const never = new AbortController().signal
const request: ModelRequest = { model: 'm', messages: [], tools: [], maxOutputTokens: 8_192 }

describe('the settings of the configuration', () => {
  test('hold where the agent says nothing else, field by field [model:sampling]', async () => {
    const model = scriptedModel([], { afterwards: () => think('Well.') })
    const sampled = withSampling(model, { temperature: 0.7, topP: 0.9, extra: { top_k: 40, min_p: 0.1 } })
    await sampled.complete(request, never)
    await sampled.complete({ ...request, sampling: { temperature: 0, extra: { top_k: 1 } } }, never)
    expect(model.requests.map(({ sampling }) => sampling)).toEqual([
      { temperature: 0.7, topP: 0.9, extra: { top_k: 40, min_p: 0.1 } },
      { temperature: 0, topP: 0.9, extra: { top_k: 1, min_p: 0.1 } },
    ])
  })

  test.each(['auto', 'text'] as const)('tell how long an answer may be to whoever asks, also through the tool format %s [model:sampling]', (format) => {
    const model = withToolFormat(withSampling(scriptedModel([]), { maxOutputTokens: 1_000 }), format)
    expect(model.usualOutputTokens).toBe(1_000)
    expect(withSampling(model, {}).usualOutputTokens).toBe(1_000)
  })
})
