import type { Item } from '../live/turns.ts'
import { Diff } from '../parts/diff.tsx'
import { LongText } from '../parts/long-text.tsx'
import { Markdown } from '../parts/markdown.tsx'
import { cut, shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'

type CallItem = Extract<Item, { readonly type: 'call' }>

/** A call and its result as one line that opens; an answer as it is read; an edit of memory as what it changes. */
export function CallView({ agentId, item }: { readonly agentId: string; readonly item: CallItem }) {
  const { call, result } = item
  const given = item.arguments
  if (call.name === 'send_message' && typeof given?.['message'] === 'string' && (result === undefined || result.reply !== undefined)) {
    return (
      <div class={`reply${result === undefined ? ' growing' : ''}`} role="group" aria-label={`${agentId} says`}>
        <Markdown text={result?.reply ?? given['message']} />
      </div>
    )
  }
  const edit = editOf(item)
  const sign = result === undefined ? '…' : result.ok === false ? '✗' : '✓'
  const state = result === undefined ? 'has no result yet' : result.ok === false ? 'failed' : 'done'
  return (
    <details class={`line call${result?.ok === false ? ' failed' : ''}`} open={edit !== undefined && result?.ok !== false}>
      <summary>
        <span class="sign" aria-hidden="true">{sign}</span>
        <span class="unseen">{state}: </span>
        <span class="label">{shown(call.name)}</span> <span class="gist" dir="auto">{shown(cut(edit?.label ?? argumentsText(item), 160))}</span>
        {result !== undefined && edit === undefined && <span class="gist result" dir="auto">{shown(cut(result.text, 120))}</span>}
      </summary>
      {edit === undefined ? <LongText code text={given === undefined ? call.arguments : JSON.stringify(withoutRuntime(given), null, 2)} /> : <Diff before={edit.before} after={edit.after} around={60} />}
      {result !== undefined && edit === undefined && <LongText text={result.text} />}
      {result !== undefined && edit !== undefined && (
        <p class="muted">
          {shown(cut(result.text, 300))}{' '}
          {result.ok !== false && edit.label !== '' && <Link to={{ agent: agentId, view: 'memory', rest: ['blocks', edit.label] }}>Correct it, or go back</Link>}
        </p>
      )}
    </details>
  )
}

interface Edit {
  readonly label: string
  readonly before: string
  readonly after: string
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What a call changes in the agent's own memory, by its arguments. */
function editOf({ call: { name }, arguments: given }: CallItem): Edit | undefined {
  if (given === undefined) return undefined
  const label = textOf(given['label'])
  if (name === 'core_memory_append') return { label, before: '', after: textOf(given['content']) }
  if (name === 'core_memory_replace') return { label, before: textOf(given['old_content']), after: textOf(given['new_content']) }
  return undefined
}

const runtimeArguments = new Set(['inner_thoughts', 'request_heartbeat'])
const withoutRuntime = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !runtimeArguments.has(name)))

function argumentsText({ call, arguments: given }: CallItem): string {
  if (given === undefined) return call.arguments
  const own = Object.entries(withoutRuntime(given))
  const words = own.map(([name, value]) => (own.length === 1 && typeof value === 'string' ? value : `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`))
  return words.join(' · ')
}
