import { escapeAttribute } from '../protocol/escape-attribute.ts'
import type { PromptStatistics } from '../protocol/prompt.ts'
import type { BlockReading } from '../stores/core-memory.ts'

/** Core memory as the model sees it. */
export function renderCoreMemory(blocks: readonly BlockReading[]): string {
  return ['<core_memory>', ...blocks.map(renderBlock), '</core_memory>'].join('\n')
}

/** A block with its description, use and limit (in characters). */
export function renderBlock({ definition, value }: BlockReading): string {
  const readOnly = definition.readOnly ? ' read_only="true"' : ''
  const attributes = `label="${escapeAttribute(definition.label)}" description="${escapeAttribute(definition.description)}" used="${value.length}" limit="${definition.limit}"${readOnly}`
  return `<block ${attributes}>\n${value}\n</block>`
}

/**
 * How much lies outside the context, so that the agent knows to search there. Changes only by an eviction, by an insert into archival
 * memory, or while that is away.
 */
export function renderStatistics({ evicted, passages, documents = 0 }: PromptStatistics): string {
  return [
    '<external_memory>',
    `${evicted} earlier messages are in recall memory, outside of this context.`,
    passages === undefined ? 'Archival memory cannot be reached at the moment.' : `${passages} passages are in archival memory.`,
    ...(documents === 0 ? [] : [`${documents} documents are loaded; their text is among these passages.`]),
    '</external_memory>',
  ].join('\n')
}
