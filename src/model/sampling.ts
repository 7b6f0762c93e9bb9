import type { Sampling } from '../protocol/sampling.ts'
import { around } from './around.ts'
import type { ChatModel } from './model.ts'

/**
 * Wraps a model so that a request that does not say how it is to be sampled is sampled so; what the request says comes first, field by field.
 * Each request says how long its answer may be, so that number is told to those who make the requests.
 */
export function withSampling(model: ChatModel, { maxOutputTokens, ...defaults }: Sampling): ChatModel {
  return around(model, {
    complete(request, signal, onDelta) {
      const { sampling = {} } = request
      const extra = { ...defaults.extra, ...sampling.extra }
      const merged = { ...defaults, ...sampling, ...(Object.keys(extra).length > 0 && { extra }) }
      return model.complete({ ...request, sampling: merged }, signal, onDelta)
    },
    usualOutputTokens: maxOutputTokens ?? model.usualOutputTokens,
  })
}
