import { useSignal } from '@preact/signals'
import { Dialog } from '../parts/dialog.tsx'
import { useDoing } from '../parts/doing.ts'
import { problemText } from '../parts/problem.tsx'
import { hasKey, later, useKey } from './key.ts'
import { isInForce } from './server.ts'

/** What stands in the place of all views: a server that has keys answers nobody without one. */
export function KeyPage() {
  return (
    <main class="alone">
      <h1 tabIndex={-1}>An access key, please</h1>
      <p>This server answers whoever has a key. Whoever runs it makes one by <code>perdure keys create NAME</code>.</p>
      <KeyForm refused={hasKey.value} />
    </main>
  )
}

/** Asks over what somebody is at, which stays as it is. */
export function KeyDialog() {
  return (
    <Dialog title={hasKey.value ? 'Another access key, please' : 'An access key, please'} onClose={later}>
      <div class="stacked">
        <p>
          {hasKey.value ? 'The server no longer takes the key that this page asks with.' : 'The server answers nobody without a key any more.'} What you see and what you have written stays. Once there is a key, what waited for it goes
          on. Another tenant’s key leads to its agents; what would be lost then is asked about first.
        </p>
        <KeyForm refused={false} onLater={later} />
      </div>
    </Dialog>
  )
}

/** @param props.refused the key that is here */
function KeyForm({ refused, onLater }: { readonly refused: boolean; readonly onLater?: () => void }) {
  const text = useSignal('')
  const remember = useSignal(false)
  const wrong = useSignal(refused ? refusal : undefined)
  const doing = useDoing()
  const take = async (): Promise<string | undefined> => {
    // What nobody sees may have come along with what was copied.
    const given = text.value.replace(/[\s\p{DI}]/gu, '')
    // In a request there is no place for other characters.
    if (/[^!-~]/.test(given)) wrong.value = 'This is no key: it has letters that none has. Copy the key once more.'
    else if (given !== '' && !(await isInForce(given))) wrong.value = refusal
    else if (given !== '' && useKey(given, remember.value)) return 'The server takes the key.'
    return undefined
  }
  const send = (event: Event): void => {
    event.preventDefault()
    wrong.value = undefined
    void doing.run(take)
  }
  const said = doing.problem.value === undefined ? wrong.value : problemText(doing.problem.value)
  return (
    <form class="stacked" onSubmit={send}>
      <label>
        Access key
        <input name="key" type="password" autocomplete="off" spellcheck={false} value={text.value} aria-describedby="key-note" aria-invalid={said !== undefined} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <p id="key-note" class={said === undefined ? 'muted' : 'bad'} role={said === undefined ? undefined : 'alert'}>
        {said ?? 'It is kept in this tab until the tab is closed, and in no address.'}
      </p>
      <label class="beside">
        <input type="checkbox" checked={remember.value} onChange={(event) => (remember.value = event.currentTarget.checked)} />
        Remember it on this machine
      </label>
      <div class="buttons">
        <button type="submit" class="main" disabled={doing.busy.value || text.value.trim() === ''}>Go on</button>
        {onLater !== undefined && <button type="button" onClick={onLater}>Later</button>}
      </div>
    </form>
  )
}

const refusal = 'The server refuses that key: it is not in force. Give another one.'
