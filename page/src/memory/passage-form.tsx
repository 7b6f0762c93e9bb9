import { useSignal } from '@preact/signals'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { isComposing } from '../parts/composing.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { useUnsaved } from '../parts/unsaved.ts'

const mostCharacters = 8_000

/** Tags as they are to be; absent: as they are, whoever has written them. */
export interface NamedTags {
  readonly tags?: readonly string[]
}

export interface PassageFormProps {
  readonly label: string
  /** What the button says. */
  readonly send: string
  readonly text?: string
  readonly tags?: readonly string[]
  readonly busy: boolean
  readonly onSend: (text: string, tags: NamedTags) => void
  readonly onClose: () => void
}

/** Text and tags of a passage. */
export function PassageForm({ label, send, text = '', tags = [], busy, onSend, onClose }: PassageFormProps) {
  const written = useSignal(text)
  const named = useSignal<string | undefined>(undefined)
  const present = tags.join(', ')
  const field = useRef<HTMLTextAreaElement>(null)
  const note = useId()
  useLayoutEffect(() => field.current?.focus(), [])
  // What was typed is not lost by one key.
  const untouched = written.value === text && (named.value ?? present) === present
  useUnsaved(untouched ? undefined : 'a passage')
  const tooMany = written.value.length - mostCharacters
  const submit = (event: Event): void => {
    event.preventDefault()
    if (tooMany > 0) return
    // Tags that the person has not touched are not sent: they would take the place of what somebody else has made of them meanwhile.
    onSend(written.value, named.value === undefined ? {} : { tags: named.value.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '') })
  }
  return (
    <form class="stacked" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && !isComposing(event) && untouched && onClose()}>
      <label>
        {label}
        <textarea ref={field} rows={5} dir="auto" value={written.value} aria-describedby={note} aria-invalid={tooMany > 0} onInput={(event) => (written.value = event.currentTarget.value)} />
      </label>
      {/* A browser would cut what is pasted, and not say so. */}
      <p id={note} class={tooMany > 0 ? 'bad' : 'muted'}>
        {written.value.length.toLocaleString('en')} of {mostCharacters.toLocaleString('en')} characters{tooMany > 0 && `: ${tooMany.toLocaleString('en')} too many`}
      </p>
      <label>
        Tags, with commas between
        <input type="text" value={named.value ?? present} dir="auto" onInput={(event) => (named.value = event.currentTarget.value)} />
      </label>
      <FormEnd send={send} unsendable={busy || written.value.trim() === '' || tooMany > 0} leave="Leave it" onLeave={onClose} />
    </form>
  )
}
