import type { SeqRanges } from './seq-ranges.ts'

/** What a prompt says of memory outside of it. */
export interface PromptStatistics {
  /** Messages. */
  readonly evicted: number
  /** Absent: archival memory could not be reached. */
  readonly passages?: number | undefined
  readonly documents?: number
}

/** Tokens of the parts of a prompt, uncalibrated, beside those of its fixed sections (`SectionTokens`). */
export interface PartTokens {
  /** By label; core memory has a few more, around them. */
  readonly blocks: Readonly<Record<string, number>>
  readonly summary: number
  readonly queue: number
}

/**
 * What a step's prompt was made of, beside what its message says anyway (`StepContext`, the model): from it and the stores the prompt is made
 * again, letter for letter, and the digest shows that it is the same.
 */
export interface PromptRecord {
  /** Number of the rules by which texts were made of the parts. */
  readonly form: number
  /** SHA-256, in hexadecimal digits, of the JSON of the request that the model's client was given. */
  readonly digest: string
  /** Names what a build of the worker has brought: how memory works, and the tools. The store of prompt frames has it. */
  readonly frame: string
  /** Tokens: the definition's, or fewer, where the endpoint had said so. */
  readonly contextWindow: number
  readonly maxOutputTokens: number
  readonly statistics: PromptStatistics
  /** Operation id of the recursive summary. */
  readonly summary?: string
  /** The messages of the queue. */
  readonly queue: SeqRanges
  readonly tokens: PartTokens
}
