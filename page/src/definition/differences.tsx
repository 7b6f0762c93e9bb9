import type { DefinitionDifference } from '../../../clients/typescript/src/index.ts'
import { Diff } from '../parts/diff.tsx'
import { shown } from '../parts/shown.ts'

/** Fields with what they were and what they are. */
export function Differences({ of }: { readonly of: readonly DefinitionDifference[] }) {
  if (of.length === 0) return <p class="muted">Nothing.</p>
  return (
    <dl class="differences">
      {of.map(({ field, before, after }) => (
        <div key={field}>
          <dt>
            <code>{shown(field)}</code>
          </dt>
          <dd>
            <Difference before={before} after={after} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Difference({ before, after }: Pick<DefinitionDifference, 'before' | 'after'>) {
  const [was, is] = [textOf(before), textOf(after)]
  // Words of a text are compared; of numbers, and of what is new or gone, nothing is the same.
  if (typeof before === typeof after && typeof before !== 'number') return <Diff before={was} after={is} around={80} />
  return (
    <div class="diff text" dir="auto">
      {before === undefined ? <span class="muted">nothing</span> : <del>{shown(was)}</del>} <span class="muted">→</span> {after === undefined ? <span class="muted">nothing</span> : <ins>{shown(is)}</ins>}
    </div>
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ')
  if (typeof value !== 'object') return JSON.stringify(value)
  const parts = Object.entries(value)
  // What is flat needs none of the signs of JSON.
  return parts.some(([, part]) => typeof part === 'object') ? JSON.stringify(value, null, 2) : parts.map(([name, part]) => `${name}: ${String(part)}`).join('\n')
}
