import { useSignal } from '@preact/signals'
import type { CallToAnswer } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { jsonIn, plainJson } from '../parts/json.ts'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { useUnsaved } from '../parts/unsaved.ts'
import { Time } from '../parts/time.tsx'
import { useTelling } from './telling.ts'

/** A call that waits for a person, whose arguments may be edited, or for a program, whose result may be given by hand. */
export function Approval({ agent, call }: { readonly agent: OpenAgent; readonly call: CallToAnswer }) {
  const { client, id } = agent
  const written = plainJson(call.arguments)
  const edited = useSignal(written)
  const said = useSignal('')
  const { busy, problem, tell } = useTelling(agent)
  useUnsaved(edited.value === written && said.value.trim() === '' ? undefined : `what is to become of the call of ${call.name}`)
  const approve = () =>
    void tell(async () => {
      if (edited.value === written) return client.approve(id, call.op)
      return client.approve(id, call.op, { arguments: jsonIn(edited.value) as Record<string, unknown> })
    })
  const reason = said.value.trim()
  const refuse = () => void tell(() => client.refuse(id, call.op, reason === '' ? {} : { reason }))
  const give = (ok: boolean) => () => void tell(() => client.answerCall(id, call.op, { text: said.value, ok }))
  return (
    <section class="approval" aria-label={`The call of ${call.name} waits`}>
      <h2>
        {call.for === 'approval' ? 'May it call' : 'Waits for a program that runs'} <code>{shown(call.name)}</code>
        {call.for === 'approval' && '?'}
      </h2>
      <label>
        {call.for === 'approval' ? 'Arguments; edit them to let it run with others' : 'Arguments'}
        <textarea class="code" rows={Math.min(12, edited.value.split('\n').length)} spellcheck={false} readOnly={call.for === 'client'} value={edited.value} onInput={(event) => (edited.value = event.currentTarget.value)} />
      </label>
      <label>
        {call.for === 'approval' ? 'Reason for a refusal; the model reads it' : 'Result; the model reads it'}
        <input type="text" value={said.value} onInput={(event) => (said.value = event.currentTarget.value)} />
      </label>
      {problem.value !== undefined && <Problem error={problem.value} />}
      <div class="buttons">
        {call.for === 'approval' ? (
          <>
            <button type="button" class="main" disabled={busy.value} onClick={approve}>
              {edited.value === written ? 'Approve' : 'Approve as edited'}
            </button>
            <button type="button" disabled={busy.value} onClick={refuse}>
              Refuse
            </button>
          </>
        ) : (
          <>
            <button type="button" class="main" disabled={busy.value || said.value === ''} onClick={give(true)}>
              Give this result
            </button>
            <button type="button" disabled={busy.value} onClick={give(false)}>
              It failed
            </button>
          </>
        )}
        <span class="muted">
          until <Time at={call.until} />
        </span>
      </div>
    </section>
  )
}
