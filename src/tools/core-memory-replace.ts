import { z } from 'zod'
import { PerdureError } from '../protocol/errors.ts'
import { occurrencesOf } from '../words/occurrences.ts'
import { editOwnBlock, ownBlock, useOf } from './own-block.ts'
import { mostSimilar } from './similarity.ts'
import { cut } from './text.ts'
import { defineTool } from './tool.ts'

/**
 * If the old text occurs more than once, the first occurrence is replaced, and the result says how many are left. The model sees an edit
 * too few, and mends it in the next step; an edit of all occurrences could change text that was not meant.
 */
export const coreMemoryReplace = defineTool({
  name: 'core_memory_replace',
  description: 'Replace text in a core memory block; the first exact match changes. Empty new_content deletes.',
  schema: z.object({
    label: z.string().describe('block'),
    old_content: z.string().min(1).describe('exact text'),
    new_content: z.string(),
  }),
  policy: { placement: 'local', idempotent: true },
  async run({ label, old_content, new_content }, context) {
    const block = ownBlock(context, label)
    let others = 0
    let stood: string | undefined
    const version = await editOwnBlock(context, block, value => {
      const edited = replaceFirst(value, { label, old: old_content, replacement: new_content })
      others = edited.others
      stood = edited.stood
      return edited.value
    })
    const done = version.op === context.op ? 'Replaced.' : 'Old and new text are the same; nothing changed.'
    const more = others > 0 ? ` The text stood there ${others + 1} times; the first was replaced. Repeat the call for the others.` : ''
    const form = stood === undefined ? '' : ` It stood there as ${JSON.stringify(cut(stood, 200))}.`
    return `${done}${form}${more} ${useOf(block, version.value)}`
  },
})

/** `others`: occurrences of the old text after the first. `stood`: the text that was replaced, where it is written with other signs. */
export function replaceFirst(
  value: string,
  { label, old, replacement }: { readonly label: string; readonly old: string; readonly replacement: string },
): { readonly value: string; readonly others: number; readonly stood?: string } {
  const [first, ...others] = occurrencesOf(old, value)
  if (first === undefined) throw new PerdureError('text-not-found', `the old text is not in block ${JSON.stringify(label)}${nearest(value, old)}`)
  const stood = value.slice(first.start, first.end)
  const edited = removeEmptyLine(value.slice(0, first.start), replacement, value.slice(first.end))
  return { value: edited, others: others.length, ...(stood !== old && { stood }) }
}

/** A line that is deleted whole takes its line break along. */
function removeEmptyLine(before: string, replacement: string, after: string): string {
  const alone = replacement === '' && (before === '' || before.endsWith('\n'))
  if (alone && after.startsWith('\n')) return before + after.slice(1)
  if (alone && after === '') return before.replace(/\n$/, '')
  return before + replacement + after
}

function nearest(value: string, old: string): string {
  if (value === '') return ': the block is empty'
  const line = mostSimilar(old, value.split('\n'))
  return line === undefined ? ': copy it exactly as it stands there' : `; the nearest line is ${JSON.stringify(cut(line, 300))}: copy it exactly`
}
