import type { ModelRequest } from '../model/model.ts'
import type { SectionTokens } from '../protocol/context.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { StepUsage, StoredMessage } from '../protocol/messages.ts'
import { pressureMarks, type PressureMarks } from '../protocol/pressure-marks.ts'
import type { PartTokens, PromptStatistics } from '../protocol/prompt.ts'
import type { SeqRanges } from '../protocol/seq-ranges.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { rebuildPrompt } from './rebuild-prompt.ts'
import { requestDigest } from './request.ts'

/** The prompt of one step, as it was. */
export interface StepPrompt extends PressureMarks {
  readonly turn: number
  readonly step: number
  /** Of the message that answered it. */
  readonly seq: number
  /** ISO 8601: when that was stored. */
  readonly at: string
  /** Why the step was taken. */
  readonly cause: string
  /** What the model's client was given, made again of what the stores have. An adaptation to the endpoint is that client's affair, and is not in it. */
  readonly request: ModelRequest
  /** SHA-256, in hexadecimal digits, of the request's JSON: as it was kept when the model answered, and of the request above. */
  readonly digest: { readonly kept: string; readonly rebuilt: string }
  /** The two are equal: the request is the very one. */
  readonly exact: boolean
  /** What it was made of, and is not in the stores any more; without it the request is another one. */
  readonly missing: readonly string[]
  readonly madeOf: {
    /** Versions of definition and blocks. */
    readonly definition: number
    readonly blockVersions: Readonly<Record<string, number>>
    readonly statistics: PromptStatistics
    /** Operation id of the recursive summary. */
    readonly summary?: string
    /** Sequence numbers of the messages in the queue. */
    readonly queue: SeqRanges
  }
  /** Tokens by section, as they were counted, and all of them together. */
  readonly tokens: SectionTokens & PartTokens & { readonly total: number }
  /** As the provider reported it: by how much its count differs from ours. */
  readonly usage?: StepUsage
  /** Tokens, of prompt and reply together. */
  readonly contextWindow: number
}

/**
 * @param answer the message that the step has stored
 * @throws PerdureError `prompt-unknown`
 */
export async function stepPrompt(memory: MemoryStore, agent: StoredAgent, answer: StoredMessage): Promise<StepPrompt> {
  const { turn, step, seq, at, context, usage } = answer
  const where = `step ${step} of turn ${turn}`
  if (answer.role !== 'assistant' || context === undefined) throw new PerdureError('prompt-unknown', `${where} has no answer of the model: it was cancelled, or a content filter refused it`)
  const record = context.prompt
  if (record === undefined) throw new PerdureError('prompt-unknown', `${where} was taken by an earlier version of Perdure, which kept no record of its prompt`)
  const { request, definition, missing } = await rebuildPrompt(memory, agent, context, record)
  const digest = { kept: record.digest, rebuilt: requestDigest(request) }
  return {
    turn, step, seq, at,
    cause: context.cause,
    request,
    digest,
    exact: digest.kept === digest.rebuilt,
    missing,
    madeOf: { definition: context.definition ?? 1, blockVersions: context.blockVersions, statistics: record.statistics, ...(record.summary !== undefined && { summary: record.summary }), queue: record.queue },
    tokens: { ...context.sections, ...record.tokens, total: context.countedTokens },
    ...(usage && { usage }),
    contextWindow: record.contextWindow,
    ...pressureMarks(record.contextWindow, definition.pressure),
  }
}
