import { useSignal } from '@preact/signals'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Diff } from '../parts/diff.tsx'
import { FormEnd } from '../parts/form-end.tsx'
import { codeOf } from '../parts/problem.tsx'
import { useUnsaved } from '../parts/unsaved.ts'
import type { BlockProps } from './block-props.ts'
import { useDoing } from '../parts/doing.ts'

/** Another text for a block. It takes the place of what is shown here and of nothing else: what somebody writes meanwhile is shown before it is written over. */
export function BlockEdit({ agent, block, onChanged, onDone, onClose }: BlockProps & { readonly onDone: () => Promise<void>; readonly onClose: () => void }) {
  const { label, limit, value, version } = block
  const begun = useSignal({ value, version })
  const text = useSignal(value)
  const doing = useDoing()
  const field = useRef<HTMLTextAreaElement>(null)
  const note = useId()
  useLayoutEffect(() => field.current?.focus(), [])
  useUnsaved(text.value === begun.value.value ? undefined : `block ${label}`)
  const tooMany = text.value.length - limit
  const changed = version !== begun.value.version && value !== begun.value.value
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (tooMany > 0) return
    const done = await doing.run(async () => {
      await agent.client.editBlock(agent.id, label, text.value, { ifVersion: version })
      return `${label} was saved. ${agent.id} sees it at its next step.`
    })
    if (done) await onDone()
    else if (codeOf(doing.problem.value) === 'block-conflict') await onChanged()
  }
  return (
    <form class="stacked" onSubmit={(event) => void save(event)} onKeyDown={(event) => event.key === 'Escape' && text.value === begun.value.value && onClose()}>
      <label>
        What is in {label}
        <textarea ref={field} rows={Math.min(16, Math.max(4, text.value.split('\n').length + 1))} dir="auto" value={text.value} aria-describedby={note} aria-invalid={tooMany > 0} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <p id={note} class={tooMany > 0 ? 'bad' : 'muted'}>
        {text.value.length.toLocaleString('en')} of {limit.toLocaleString('en')} characters{tooMany > 0 && `: ${tooMany.toLocaleString('en')} too many`}
      </p>
      {changed && (
        <div class="meanwhile" role="status">
          <p>Meanwhile it was written by somebody else. Your text stays here; if you save it, it takes the place of theirs:</p>
          <Diff before={begun.value.value} after={value} around={60} />
          <button type="button" onClick={() => (begun.value = { value, version }, text.value = value)}>
            Take theirs
          </button>
        </div>
      )}
      <FormEnd send={changed ? 'Save over theirs' : 'Save'} unsendable={doing.busy.value || tooMany > 0 || text.value === value} leave="Leave it as it is" onLeave={onClose} problem={doing.problem.value} />
    </form>
  )
}
