import type { ModelError } from '../model/model-error.ts'
import type { InferenceResult } from '../protocol/inference.ts'
import type { StepUsage } from '../protocol/messages.ts'
import type { Prompt } from '../prompt/build-prompt.ts'

/** Of the tokens counted here, the least that a provider's report may come to. */
const leastReportedShare = 0.5
/** And the most: some gateways report characters, or all that was used before. */
const mostReportedShare = 5

/** What a refusal of this prompt for its length tells the workflow. */
export function learnedFrom({ limits = {} }: ModelError, prompt: Prompt): Pick<Extract<InferenceResult, { outcome: 'overflow' }>, 'window' | 'calibration'> {
  const { window, promptTokens } = limits
  return { ...(window !== undefined && { window }), ...(promptTokens !== undefined && { calibration: calibrationOf({ promptTokens }, prompt.tokens, Infinity) }) }
}

/**
 * Tokens that the provider reports for one counted here. Some endpoints report only what they have not read from a cache. No vocabulary takes
 * less than half the tokens of the one that counts here; whoever believed such a report would let prompts grow beyond the window. Nor has any, of a prompt that was taken,
 * many times as many: an agent would find its window full before its first word.
 */
export function calibrationOf({ promptTokens }: Pick<StepUsage, 'promptTokens'>, countedTokens: number, most = mostReportedShare): number {
  const ratio = countedTokens > 0 ? promptTokens / countedTokens : 1
  return ratio < leastReportedShare || ratio > most ? 1 : round(ratio)
}

const round = (ratio: number): number => Math.round(ratio * 1_000) / 1_000
