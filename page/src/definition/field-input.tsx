import { useId } from 'preact/hooks'
import { nameOf, type Field } from './fields.ts'

interface FieldInputProps {
  readonly field: Field
  readonly text: string
  /** What is wrong with it. */
  readonly problem: string | undefined
  readonly onText: (text: string) => void
}

/** A field with its note, and beside it what is wrong. */
export function FieldInput({ field, text, problem, onText }: FieldInputProps) {
  const { label, kind, note } = field
  const id = useId()
  const described = [note !== undefined && `${id}-note`, problem !== undefined && `${id}-problem`].filter((one) => one !== false).join(' ')
  const attributes = { name: nameOf(field), 'aria-invalid': problem !== undefined, ...(described !== '' && { 'aria-describedby': described }) }
  const onInput = (event: { readonly currentTarget: { readonly value: string } }): void => onText(event.currentTarget.value)
  return (
    <div class={`field is-${kind}`}>
      {kind === 'flag' ? (
        <label class="beside">
          <input {...attributes} type="checkbox" checked={text !== ''} onChange={(event) => onText(event.currentTarget.checked ? 'yes' : '')} />
          {label}
        </label>
      ) : (
        <label>
          {label}
          {kind === 'text' || kind === 'json' ? (
            <textarea {...attributes} rows={Math.min(18, Math.max(3, text.split('\n').length + 1))} dir="auto" spellcheck={kind === 'text'} class={kind === 'json' ? 'code' : undefined} value={text} onInput={onInput} />
          ) : (
            <input {...attributes} type="text" inputMode={kind === 'number' ? 'decimal' : undefined} autocomplete="off" spellcheck={false} dir="auto" value={text} onInput={onInput} />
          )}
        </label>
      )}
      {note !== undefined && <p id={`${id}-note`} class="muted">{note}</p>}
      {problem !== undefined && <p id={`${id}-problem`} class="bad">{problem}</p>}
    </div>
  )
}
