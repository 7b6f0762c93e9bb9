import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AgentChanges } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { useUnsaved } from '../parts/unsaved.ts'
import { FieldInput } from './field-input.tsx'
import { fieldProblems } from './field-problems.ts'
import { nameOf, put, valueOf, type Field } from './fields.ts'
import { MeanwhileNotice } from './meanwhile-notice.tsx'
import { useChange } from './use-change.ts'

export interface ChangeFormProps {
  readonly agent: OpenAgent
  /** What they are of, within a sentence. */
  readonly of: string
  readonly fields: readonly Field[]
  /** What is said when it was done. */
  readonly said: string
  /** Default: each field where its path says. @param values of those that were changed, by their names */
  readonly changes?: (values: ReadonlyMap<string, unknown>) => AgentChanges
  /** How errors call a field, where its path says it otherwise. @param written the texts of all fields */
  readonly inErrors?: (name: string, written: (name: string) => string) => string
  /** It may be sent though nothing of it was changed. */
  readonly whole?: true
  readonly send?: string
  readonly leave?: string
  readonly onClose: () => void
}

/** Fields of the definition that are changed together, as one version. Those that the person has not touched follow what others change. */
export function ChangeForm({ agent, of, fields, said, changes, inErrors, whole, send = 'Save', leave = 'Leave it as it is', onClose }: ChangeFormProps) {
  const written = useSignal<ReadonlyMap<string, string>>(new Map())
  const wrong = useSignal<ReadonlyMap<string, string>>(new Map())
  const change = useChange(agent)
  const box = useRef<HTMLFormElement>(null)
  // Before the next key is pressed, however fast that is.
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('input, textarea')?.focus(), [])

  const textOf = (field: Field): string => written.value.get(nameOf(field)) ?? field.text
  const changed = fields.filter((field) => textOf(field) !== field.text)
  useUnsaved(changed.length === 0 ? undefined : of)
  const write = (name: string, text: string): void => {
    written.value = new Map([...written.value, [name, text]])
    wrong.value = new Map([...wrong.value].filter(([other]) => other !== name))
  }
  const showProblems = (problems: ReadonlyMap<string, string>): void => {
    wrong.value = problems
    // Once they are drawn: whoever works by keyboard goes on at the first of them.
    if (problems.size > 0) requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const values = new Map<string, unknown>()
    const problems = new Map<string, string>()
    for (const field of changed) {
      try {
        values.set(nameOf(field), valueOf(field, textOf(field)))
      } catch (error) {
        problems.set(nameOf(field), error instanceof Error ? error.message : String(error))
      }
    }
    showProblems(problems)
    if (problems.size > 0) return
    const done = await change.save(changes?.(values) ?? changesOf(fields, values), said)
    if (done) onClose()
    else showProblems(fieldProblems(change.problem.value, fields.map(nameOf), inErrors && ((name) => inErrors(name, (other) => written.value.get(other) ?? ''))))
  }
  const meanwhile = change.meanwhile.value
  return (
    <form ref={box} class="stacked change" noValidate onSubmit={(event) => void save(event)} onKeyDown={(event) => event.key === 'Escape' && changed.length === 0 && onClose()}>
      <div class="fields">
        {fields.map((field) => (
          <FieldInput key={nameOf(field)} field={field} text={textOf(field)} problem={wrong.value.get(nameOf(field))} onText={(text) => write(nameOf(field), text)} />
        ))}
      </div>
      {meanwhile !== undefined && <MeanwhileNotice meanwhile={meanwhile} />}
      <FormEnd send={send} unsendable={change.busy.value || (whole !== true && changed.length === 0)} leave={leave} onLeave={onClose} problem={change.problem.value} />
    </form>
  )
}

function changesOf(fields: readonly Field[], values: ReadonlyMap<string, unknown>): AgentChanges {
  const changes: Record<string, unknown> = {}
  for (const field of fields) if (values.has(nameOf(field))) put(changes, field.path, values.get(nameOf(field)))
  return changes
}
