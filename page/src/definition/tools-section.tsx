import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AgentDefinition } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { shown } from '../parts/shown.ts'
import { useUnsaved } from '../parts/unsaved.ts'
import { Card } from './card.tsx'
import { FieldInput } from './field-input.tsx'
import { fieldProblems } from './field-problems.ts'
import { durationOf, valueOf, wordsOf, type Field } from './fields.ts'
import { MeanwhileNotice } from './meanwhile-notice.tsx'
import { useChange } from './use-change.ts'
import { usualTools } from './usual-tools.ts'

interface ToolsProps {
  readonly agent: OpenAgent
  readonly definition: AgentDefinition
}

/** Which tools it may call, and for which of them it asks a person first. */
export function ToolsSection({ agent, definition, editable }: ToolsProps & { readonly editable: boolean }) {
  const open = useSignal(false)
  const { tools, clientTools = [], instructionsEditable, approval = [], answerWithinMs } = definition
  const named = [...new Set([...tools, ...(instructionsEditable ? ['instructions_replace'] : []), ...clientTools.map(({ name }) => name)])]
  return (
    <Card title="Tools and approvals" act={editable ? 'Edit' : undefined} open={open.value} onOpen={() => (open.value = true)}>
      {open.value ? (
        <ToolsForm agent={agent} definition={definition} onClose={() => (open.value = false)} />
      ) : (
        <>
          {named.length === 0 && <p class="muted">It has none: it can only think.</p>}
          <ul class="words" aria-label="Tools">
            {named.map((name) => (
              <li key={name} class="word">
                <code>{shown(name)}</code>
                {approval.includes(name) && <span class="warn"> asks first</span>}
              </li>
            ))}
          </ul>
          <p class="muted">An approval, or a caller’s result, is waited for {answerWithinMs === undefined ? 'a week' : durationOf(answerWithinMs)}, where a tool says nothing else.</p>
        </>
      )}
    </Card>
  )
}

const within = (ms: number | undefined): Field => ({ path: ['answerWithinMs'], label: 'How long an approval or a result may take', kind: 'duration', text: ms === undefined ? '' : durationOf(ms), optional: true, note: 'Like 90 min, 2 h or 7 d. Empty: a week.' })

type Choices = ReadonlyMap<string, boolean>

function ToolsForm({ agent, definition, onClose }: ToolsProps & { readonly onClose: () => void }) {
  const { tools, clientTools = [], instructionsEditable, approval = [], answerWithinMs } = definition
  // Of those that are there already it can't be said here whether it has them.
  const fixed = [...(instructionsEditable ? ['instructions_replace'] : []), ...clientTools.map(({ name }) => name)]
  // What the person has set; all else follows what others change.
  const may = useSignal<Choices>(new Map())
  const asks = useSignal<Choices>(new Map())
  const further = useSignal('')
  const written = useSignal<string | undefined>(undefined)
  const wrong = useSignal<ReadonlyMap<string, string>>(new Map())
  const change = useChange(agent)
  const box = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => box.current?.querySelector('input')?.focus(), [])

  const mayCall = (name: string): boolean => may.value.get(name) ?? tools.includes(name)
  const asksFirst = (name: string): boolean => asks.value.get(name) ?? approval.includes(name)
  const time = written.value ?? within(answerWithinMs).text
  const rows = [...new Set([...usualTools, ...tools])].filter((name) => !fixed.includes(name))
  const wanted = [...tools.filter(mayCall), ...rows.filter((name) => mayCall(name) && !tools.includes(name)), ...wordsOf(further.value).filter((name) => !rows.includes(name))]
  const wantedApproval = [...wanted, ...fixed].filter(asksFirst)
  const same = wanted.join() === tools.join() && wantedApproval.toSorted().join() === approval.toSorted().join() && time === within(answerWithinMs).text
  useUnsaved(same ? undefined : 'tools and approvals')
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    wrong.value = new Map()
    let answerTime: number | null
    try {
      answerTime = valueOf(within(answerWithinMs), time) as number | null
    } catch (error) {
      wrong.value = new Map([['answerWithinMs', error instanceof Error ? error.message : String(error)]])
      return
    }
    const changes = { tools: wanted, approval: wantedApproval.length === 0 ? null : wantedApproval, ...(time !== within(answerWithinMs).text && { answerWithinMs: answerTime }) }
    if (await change.save(changes, 'Tools: saved.')) onClose()
    else wrong.value = fieldProblems(change.problem.value, ['tools', 'answerWithinMs'])
  }
  const check = (name: string, { of, is, label, disabled = false }: { readonly of: typeof may; readonly is: boolean; readonly label: string; readonly disabled?: boolean }) => (
    <input type="checkbox" aria-label={`${label}: ${name}`} disabled={disabled} checked={disabled || is} onChange={(event) => (of.value = new Map([...of.value, [name, event.currentTarget.checked]]))} />
  )
  return (
    <form ref={box} class="stacked change" noValidate onSubmit={(event) => void save(event)} onKeyDown={(event) => event.key === 'Escape' && same && onClose()}>
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">May call</th>
            <th scope="col">Asks first</th>
          </tr>
        </thead>
        <tbody>
          {[...rows, ...fixed].map((name) => (
            <tr key={name}>
              <th scope="row">
                <code>{shown(name)}</code>
              </th>
              <td>{check(name, { of: may, is: mayCall(name), label: 'May call', disabled: fixed.includes(name) })}</td>
              <td>{check(name, { of: asks, is: asksFirst(name), label: 'Asks first' })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <FieldInput field={{ path: ['tools'], label: 'Further tools of its worker', kind: 'words', text: '', note: 'Their names, with commas between.' }} text={further.value} problem={wrong.value.get('tools')} onText={(text) => (further.value = text)} />
      <FieldInput field={within(answerWithinMs)} text={time} problem={wrong.value.get('answerWithinMs')} onText={(text) => (written.value = text)} />
      {change.meanwhile.value !== undefined && <MeanwhileNotice meanwhile={change.meanwhile.value} />}
      <FormEnd send="Save" unsendable={change.busy.value || same} leave="Leave it as it is" onLeave={onClose} problem={change.problem.value} />
    </form>
  )
}
