import type { ModelRequest } from '../model/model.ts'
import type { PromptRecord } from '../protocol/prompt.ts'
import { seqRanges } from '../protocol/seq-ranges.ts'
import type { PromptFrame } from '../stores/prompt-frames.ts'
import type { Prompt } from './build-prompt.ts'
import { promptForm, type MessageParts } from './render-prompt.ts'
import { requestDigest } from './request.ts'

/** What is kept of a prompt beside the answer to it. */
export function promptRecord(options: { readonly parts: MessageParts; readonly prompt: Prompt; readonly frame: PromptFrame; readonly request: ModelRequest }): PromptRecord {
  const { parts, prompt, frame, request } = options
  const { evicted, passages, documents = 0 } = parts.statistics
  return {
    form: promptForm,
    digest: requestDigest(request),
    frame: frame.digest,
    contextWindow: parts.definition.contextWindow,
    maxOutputTokens: request.maxOutputTokens,
    statistics: { evicted, ...(passages !== undefined && { passages }), ...(documents > 0 && { documents }) },
    ...(parts.summary && { summary: parts.summary.op }),
    queue: seqRanges(parts.queue.map(({ seq }) => seq)),
    tokens: prompt.parts,
  }
}
