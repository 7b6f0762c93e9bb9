import { priceOf, withCost } from '../../src/model/prices.ts'
import { countTokens } from '../../src/model/tokens.ts'
import type { Arena } from './arena.ts'
import type { Answer } from './question.ts'

/** One inference without tools: what the same model does with its window alone. */
export async function askWithoutMemory(
  { model, prices }: Pick<Arena, 'model' | 'prices'>,
  prompt: { readonly model: string; readonly system: string; readonly user: string },
): Promise<Answer> {
  const startedAt = Date.now()
  const { system, user } = prompt
  const reply = await model.complete(
    {
      model: prompt.model,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      tools: [],
      maxOutputTokens: 1_000,
    },
    new AbortController().signal,
  )
  const usage = reply.usage ?? { promptTokens: countTokens(system + user), cachedTokens: 0, completionTokens: countTokens(reply.text) }
  const { promptTokens, completionTokens, costMicros } = withCost(usage, priceOf(prices, prompt.model))
  return { text: reply.text.trim(), figures: { steps: 1, promptTokens, completionTokens, latencyMs: Date.now() - startedAt, ...(costMicros !== undefined && { costMicros }) } }
}
