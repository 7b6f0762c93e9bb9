import { z } from 'zod'

/** Schemas of what is answered describe it; fields that a later version adds are no break. */
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
export const isoTime = z.string().describe('ISO 8601')
export const epochMs = z.number().describe('epoch milliseconds')
export const json = z.record(z.string(), z.unknown())
export const spending = {
  promptTokens: z.number(),
  cachedTokens: z.number(),
  completionTokens: z.number(),
  costMicros: z.number().optional().describe('millionths of a US dollar; absent where no price was known'),
  unpriced: z.number().optional().describe('inferences whose price was not known'),
}
