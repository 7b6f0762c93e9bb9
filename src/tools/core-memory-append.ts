import { z } from 'zod'
import { editOwnBlock, ownBlock, useOf } from './own-block.ts'
import { defineTool } from './tool.ts'

export const coreMemoryAppend = defineTool({
  name: 'core_memory_append',
  description: 'Add a line to a core memory block.',
  schema: z.object({
    label: z.string().describe('block'),
    content: z.string().trim().min(1),
  }),
  policy: { placement: 'local', idempotent: true },
  async run({ label, content }, context) {
    const block = ownBlock(context, label)
    const version = await editOwnBlock(context, block, value => appendLine(value, content))
    const done = version.op === context.op ? 'Appended.' : 'That line is already there; it was not added again.'
    return `${done} ${useOf(block, version.value)}`
  },
})

/** Joins with a newline. Lines that stand in the block already, in this order, are not doubled. */
export function appendLine(value: string, content: string): string {
  if (`\n${value}\n`.includes(`\n${content}\n`)) return value
  return value === '' || value.endsWith('\n') ? value + content : `${value}\n${content}`
}
