import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { jsonOrText } from '../../protocol/json.ts'
import { readTextFile } from './text-file.ts'

/** Short names of fields. */
const aliases: ReadonlyMap<string, string> = new Map([['window', 'contextWindow']])
/** Fields whose value is taken as it is written; for the others it is JSON, where it is that. */
const texts = new Set(['name', 'description', 'model', 'instructions'])
const textsOfBlock = new Set(['label', 'blockId', 'description', 'value'])
/** Fields that are lists of words, with commas between. */
const lists = new Set(['tags', 'tools', 'approval'])
const ofBlock = new Set(['label', 'blockId', 'description', 'limit', 'value', 'readOnly', 'shared'])

/**
 * `model=gpt-5 window=64000 tags=a,b budget.steps=9 blocks.human.limit=4000 blocks.old=none instructions=@file` as changes of a definition.
 * @throws PerdureError `invalid-argument`, `file-unreadable`
 */
export function changesOf(assignments: readonly string[]): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {}
  for (const assignment of assignments) {
    const at = assignment.indexOf('=')
    if (at < 1) throw invalidArgument(`${JSON.stringify(assignment)} is no change; write FIELD=VALUE, like model=gpt-5 or window=64000; a value with blanks stands in quotes, like description='two words'`)
    const path = pathOf(assignment.slice(0, at))
    // No name of a field or a block: it would reach what all objects have in common.
    if (path.includes('__proto__')) throw invalidArgument(`${JSON.stringify(assignment)} names __proto__, which is no field or label; write FIELD=VALUE, like blocks.human.limit=4000`)
    put(changes, path, valueOf(path, assignment.slice(at + 1)))
  }
  return changes
}

/** What a change that was written so comes to; an error calls fields by the names that are written here. */
export async function calledAsWritten<Result>(change: () => Promise<Result>): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    const message = [...aliases].reduce((text, [written, field]) => text.replace(new RegExp(`\\b${field}\\b`, 'g'), written), error.message)
    throw new PerdureError(error.code, message, { cause: error })
  }
}

/** A label may have dots in it, so a block's field is what stands after the last one. */
function pathOf(written: string): readonly string[] {
  const [first = '', ...rest] = written.split('.')
  const field = aliases.get(first) ?? first
  if (rest.length === 0) return [field]
  if (field === 'metadata') throw invalidArgument(`${written} names a part of metadata, which changes as a whole, with all that is to be in it: write metadata='{"…": …}', or change the part in an editor with \`perdure edit\``)
  const last = rest.at(-1) ?? ''
  if (field !== 'blocks') return [field, rest.join('.')]
  return rest.length > 1 && ofBlock.has(last) ? [field, rest.slice(0, -1).join('.'), last] : [field, rest.join('.')]
}

function put(changes: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    changes[first] = value
    return
  }
  const inner = changes[first]
  const fields = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
  put(fields, rest, value)
  changes[first] = fields
}

function valueOf(path: readonly string[], written: string): unknown {
  const [field = ''] = path
  if (written === 'none') return null
  if (field === 'instructions' && written.startsWith('@')) return readTextFile(written.slice(1), 'instructions=@FILE')
  if (lists.has(field)) return written.split(',').map((word) => word.trim()).filter((word) => word !== '')
  if (path.length === 1 ? texts.has(field) : path.length > 2 && textsOfBlock.has(path.at(-1) ?? '')) return written
  return jsonOrText(written)
}
