import type { StepUsage } from '../protocol/messages.ts'

/** US dollars for a million tokens, which is micro-dollars for one. */
export interface ModelPrice {
  readonly input: number
  /** The price of input that the provider read from its cache. */
  readonly cached: number
  readonly output: number
}

/** Prices by the name of the model, as agents' definitions have it. The price of a model without an entry is unknown, which is not 0. */
export type Prices = Readonly<Record<string, ModelPrice>>

/** The usage with its cost, rounded up to a micro-dollar. If the price is not known, the usage as it is. */
export function withCost(usage: StepUsage, price: ModelPrice | undefined): StepUsage {
  if (price === undefined) return usage
  const { promptTokens, cachedTokens, completionTokens } = usage
  const micros = (promptTokens - cachedTokens) * price.input + cachedTokens * price.cached + completionTokens * price.output
  return { ...usage, costMicros: Math.ceil(Number(micros.toFixed(6))) }
}

export function priceOf(prices: Prices | undefined, model: string): ModelPrice | undefined {
  return prices !== undefined && Object.hasOwn(prices, model) ? prices[model] : undefined
}

const entryPattern = /^(?<model>.+)=(?<input>[^/=]+)\/(?<cached>[^/=]+)\/(?<output>[^/=]+)$/
const amountPattern = /^\d{1,6}(\.\d{1,6})?$/

const entriesOf = (text: string): string[] => text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '')

/** What is wrong with `model=input/cached/output,…`, one sentence for each entry. */
export function priceProblems(text: string): string[] {
  const seen = new Set<string>()
  return entriesOf(text).flatMap((entry) => {
    const { model = '', ...amounts } = entryPattern.exec(entry)?.groups ?? {}
    if (model === '') return [`has ${JSON.stringify(entry)}; write model=input/cached/output in dollars for a million tokens, like gpt-4.1=2/0.5/8`]
    const wrong = Object.entries(amounts).filter(([, amount]) => !amountPattern.test(amount))
    const twice = seen.has(model) ? [`names the model ${model} twice`] : []
    seen.add(model)
    return [...twice, ...wrong.map(([kind, amount]) => `has ${JSON.stringify(amount)} as the ${kind} price of ${model}; write dollars for a million tokens, like 0.5`)]
  })
}

/** Reads a text in which `priceProblems` finds nothing. */
export function readPrices(text: string): Prices {
  return Object.fromEntries(
    entriesOf(text).map((entry) => {
      const { model = '', input, cached, output } = entryPattern.exec(entry)?.groups ?? {}
      return [model, { input: Number(input), cached: Number(cached), output: Number(output) }]
    }),
  )
}

export function writePrices(prices: Prices): string {
  return Object.entries(prices).map(([model, { input, cached, output }]) => `${model}=${input}/${cached}/${output}`).join(',')
}
