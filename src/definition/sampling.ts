import { z } from 'zod'
import { effortPattern, problemsOfExtra, samplingBounds } from '../protocol/sampling.ts'
import { metadata } from './metadata.ts'
import { strictFields } from './strict-fields.ts'

/** Further fields of the request's body: a JSON object. What they mean is the endpoint's business. */
const extra = metadata.superRefine((fields, context) => {
  for (const message of problemsOfExtra(fields)) context.addIssue({ code: 'custom', message })
})

const within = (type: z.ZodNumber, [least, most]: readonly [number, number]): z.ZodNumber => type.min(least).max(most)

export const samplingField = {
  temperature: within(z.number(), samplingBounds.temperature),
  topP: within(z.number(), samplingBounds.topP),
  seed: within(z.int(), samplingBounds.seed),
  reasoningEffort: z.string().regex(effortPattern, 'is a word, like low'),
  maxOutputTokens: within(z.int(), samplingBounds.maxOutputTokens),
  extra,
} as const

export const samplingInput = strictFields(samplingField).partial()
