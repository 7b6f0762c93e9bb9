import { useSignal } from '@preact/signals'
import type { AccessKeyInput, Scope } from '../../../clients/typescript/src/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useDoing } from '../parts/doing.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { scopes } from './scopes.ts'

interface NewKeyProps {
  /** There is no key yet: from this one on nobody is answered without one. */
  readonly first: boolean
  readonly make: (input: AccessKeyInput) => Promise<void>
  readonly onClose: () => void
}

export function NewKey({ first, make, onClose }: NewKeyProps) {
  const name = useSignal('')
  const chosen = useSignal<readonly Scope[]>(first ? ['admin'] : [])
  const until = useSignal('')
  const doing = useDoing()
  const create = async (event: Event): Promise<void> => {
    event.preventDefault()
    const done = await doing.run(async () => {
      // Until the end of that day, as whoever chose it counts days.
      await make({ name: name.value.trim(), scopes: chosen.value, ...(until.value !== '' && { expiresAt: new Date(`${until.value}T23:59:59`) }) })
      return 'The key is made. It is shown once.'
    })
    if (done) onClose()
  }
  const set = (scope: Scope, to: boolean): void => void (chosen.value = to ? [...chosen.value, scope] : chosen.value.filter((one) => one !== scope))
  return (
    <Dialog title="New key" unsaved={name.value === '' ? undefined : 'a new key'} onClose={onClose}>
      <form class="stacked" onSubmit={(event) => void create(event)}>
        {first && <p class="first">It is the first one: from then on the server answers nobody without a key, from this machine neither. This page uses the new key by itself until its tab is closed.</p>}
        <label>
          What it is for
          <input type="text" required maxLength={200} autocomplete="off" value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <fieldset>
          <legend>What it allows</legend>
          {(Object.keys(scopes) as Scope[]).map((scope) => (
            <label key={scope} class="beside">
              <input type="checkbox" checked={chosen.value.includes(scope)} onChange={(event) => set(scope, event.currentTarget.checked)} />
              <span>
                <code>{scope}</code> {scopes[scope]}
              </span>
            </label>
          ))}
        </fieldset>
        {first && !chosen.value.includes('admin') && <p class="warn">Without <code>admin</code> this page can make no further key; <code>perdure keys create</code> can.</p>}
        <label>
          Last day; empty: it does not expire
          <input type="date" value={until.value} onInput={(event) => (until.value = event.currentTarget.value)} />
        </label>
        <FormEnd send="Make the key" unsendable={doing.busy.value || name.value.trim() === '' || chosen.value.length === 0} leave="Leave" onLeave={onClose} problem={doing.problem.value} />
      </form>
    </Dialog>
  )
}
