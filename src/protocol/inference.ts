import type { SectionTokens } from './context.ts'
import type { StepUsage } from './messages.ts'
import type { TurnOutcome } from './turn.ts'
import type { CallWait } from './waiting.ts'

/** What the workflow needs to know of a call; name and arguments are in the assistant message. */
export interface CallRef {
  readonly name: string
  readonly heartbeat: boolean
  /** False: unknown tool, no JSON, or against the schema; the error becomes the call's result. */
  readonly wellFormed: boolean
  /** Present for a tool that runs as an ordinary activity; absent for the short ones on own memory. */
  readonly activity?: { readonly taskQueue?: string; readonly timeoutMs: number; readonly attempts: number; readonly startWithinMs?: number }
  /** Present for a call that somebody has to let run, or run, before the step can go on. */
  readonly waits?: CallWait
}

export type InferenceResult =
  | {
      readonly outcome: 'stored'
      /** Tokens of the messages recorded, in the order of `record`. */
      readonly recorded: readonly number[]
      readonly tokens: number
      readonly calls: readonly CallRef[]
      /** Digest of all calls with their arguments, to see a loop. */
      readonly digest: string
      readonly usage: StepUsage
      readonly sections: SectionTokens
      /** Prompt tokens reported by the provider for one counted here. */
      readonly calibration: number
      readonly blockVersions: Readonly<Record<string, number>>
      /** The version of the definition that has the labels of these blocks. Histories of before are without it. */
      readonly definition?: number
      /** The model's answer was not whole: cut by the limit of output, or held back by a filter. */
      readonly ended?: 'cut' | 'filtered'
      /** One line of what the model did, only where the operator switched conversation text on in the Web UI. */
      readonly preview?: string
    }
  /** The prompt does not fit: by our count, or by the provider's word. `recorded` as above; nothing else was stored. */
  | {
      readonly outcome: 'overflow'
      readonly recorded: readonly number[]
      readonly sections: SectionTokens
      readonly by: 'count' | 'provider'
      /** The window that the provider's refusal names, in its tokens. */
      readonly window?: number
      /** As above, by the prompt's tokens that the refusal names. */
      readonly calibration?: number
      /** Tokens, within those of all tools, of the ones that the message has brought for its turn. Histories of before are without it. */
      readonly brought?: number
    }
  /** The event was already handled, longer ago than the workflow remembers; how, if that turn has ended. */
  | { readonly outcome: 'duplicate'; readonly earlier?: TurnOutcome }
