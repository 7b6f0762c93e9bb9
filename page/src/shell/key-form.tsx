import { useSignal } from '@preact/signals'
import { keyRefused, useKey } from './server.ts'

/** A server that has keys answers nobody without one. */
export function KeyForm() {
  const text = useSignal('')
  const remember = useSignal(false)
  const send = (event: Event): void => {
    event.preventDefault()
    const given = text.value.trim()
    if (given !== '') useKey(given, remember.value)
  }
  return (
    <main class="alone">
      <h1 tabIndex={-1}>An access key, please</h1>
      <p>This server answers whoever has a key. Whoever runs it makes one by <code>perdure keys create NAME</code>.</p>
      <form class="stacked" onSubmit={send}>
        <label>
          Access key
          <input name="key" type="password" autocomplete="off" spellcheck={false} value={text.value} aria-describedby="key-note" aria-invalid={keyRefused.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <p id="key-note" class={keyRefused.value ? 'bad' : 'muted'} role={keyRefused.value ? 'alert' : undefined}>
          {keyRefused.value ? 'The server refuses that key: it is not in force. Give another one.' : 'It is kept in this tab until the tab is closed, and in no address.'}
        </p>
        <label class="beside">
          <input type="checkbox" checked={remember.value} onChange={(event) => (remember.value = event.currentTarget.checked)} />
          Remember it on this machine
        </label>
        <button type="submit" class="main" disabled={text.value.trim() === ''}>Go on</button>
      </form>
    </main>
  )
}
