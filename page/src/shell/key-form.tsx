import { useSignal } from '@preact/signals'
import { keyRefused, useKey } from './server.ts'

/** A server that has keys answers nobody without one. */
export function KeyForm() {
  const text = useSignal('')
  const remember = useSignal(false)
  const unusable = useSignal(false)
  const send = (event: Event): void => {
    event.preventDefault()
    // What nobody sees may have come along with what was copied.
    const given = text.value.replace(/[\s\p{DI}]/gu, '')
    // In a request there is no place for other characters.
    unusable.value = /[^!-~]/.test(given)
    if (given !== '' && !unusable.value) useKey(given, remember.value)
  }
  const wrong = unusable.value ? 'This is no key: it has letters that none has. Copy the key once more.' : keyRefused.value ? 'The server refuses that key: it is not in force. Give another one.' : undefined
  return (
    <main class="alone">
      <h1 tabIndex={-1}>An access key, please</h1>
      <p>This server answers whoever has a key. Whoever runs it makes one by <code>perdure keys create NAME</code>.</p>
      <form class="stacked" onSubmit={send}>
        <label>
          Access key
          <input name="key" type="password" autocomplete="off" spellcheck={false} value={text.value} aria-describedby="key-note" aria-invalid={wrong !== undefined} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <p id="key-note" class={wrong === undefined ? 'muted' : 'bad'} role={wrong === undefined ? undefined : 'alert'}>
          {wrong ?? 'It is kept in this tab until the tab is closed, and in no address.'}
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
