import type { ModelRequest } from '../model/model.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import type { StepContext, StoredMessage } from '../protocol/messages.ts'
import type { PromptRecord } from '../protocol/prompt.ts'
import type { SeqRanges } from '../protocol/seq-ranges.ts'
import { readBlocksAt, type BlockReading } from '../stores/core-memory.ts'
import { definitionAt } from '../stores/definition-at.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { frameContent } from './frame.ts'
import { promptForm, renderPrompt } from './render-prompt.ts'
import { requestOf } from './request.ts'

export interface RebuiltPrompt {
  readonly request: ModelRequest
  readonly definition: AgentDefinition
  /** For a person: what the prompt was made of, and is not there any more. */
  readonly missing: readonly string[]
}

/** A step's prompt, made again of what the stores have; what is gone is left out. */
export async function rebuildPrompt(memory: MemoryStore, agent: StoredAgent, context: StepContext, record: PromptRecord): Promise<RebuiltPrompt> {
  const { definition: version = 1, blockVersions } = context
  const [found, frame, summary, queue] = await Promise.all([
    definitionAt(memory.definitions, agent, version),
    memory.promptFrames.get(agent.key, record.frame),
    record.summary === undefined ? undefined : memory.summaries.get(agent.key, record.summary),
    memory.messages.ranges(agent.key, record.queue),
  ])
  const definition = { ...(found ?? agent.definition), contextWindow: record.contextWindow }
  const blocks = await readBlocksAt(definition, blockVersions, memory.blocks)
  const { memoryInstructions, tools } = frame === undefined ? { memoryInstructions: '', tools: [] } : frameContent(frame)
  const { messages } = renderPrompt({ definition, memoryInstructions, blocks: blocks.filter(isThere), statistics: record.statistics, summary, queue })
  const missing = [
    ...(record.form === promptForm ? [] : [`the rules of form ${record.form}, by which texts were made of its parts; this version has those of form ${promptForm}`]),
    ...(found === undefined ? [`version ${version} of the definition`] : []),
    ...(frame === undefined ? ['the built-in instructions and the tools'] : []),
    ...blocks.flatMap(({ definition: { label }, version: of, value }) => (value === undefined ? [`version ${of} of block ${JSON.stringify(label)}`] : [])),
    ...(record.summary !== undefined && summary === undefined ? ['the summary'] : []),
    ...missingMessages(record.queue, queue),
  ]
  return { request: requestOf(definition, { messages, tools, maxOutputTokens: record.maxOutputTokens }), definition, missing }
}

const isThere = (block: { readonly value: string | undefined }): block is BlockReading => block.value !== undefined

function missingMessages(ranges: SeqRanges, found: readonly StoredMessage[]): readonly string[] {
  const there = new Set(found.map(({ seq }) => seq))
  const gone = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)).filter((seq) => !there.has(seq))
  if (gone.length === 0) return []
  const named = gone.slice(0, 5).join(', ')
  return [gone.length === 1 ? `message ${named}` : `${gone.length} messages: ${named}${gone.length > 5 ? ', …' : ''}`]
}
