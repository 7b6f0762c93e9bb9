import { useSignal } from '@preact/signals'
import { shown, wholeSigns } from './shown.ts'

/** More is shown when it is asked for: a line of a megabyte would hold up the page. */
const mostCharacters = 20_000

/** Text as it is: no markup in it is one. */
export function LongText({ text, code = false }: { readonly text: string; readonly code?: boolean }) {
  const limit = useSignal(mostCharacters)
  const begin = wholeSigns(text.slice(0, limit.value))
  const rest = text.length - begin.length
  const part = shown(begin)
  return (
    <>
      {code ? <pre class="text code" tabIndex={0}><code>{part}</code></pre> : <div class="text" dir="auto">{part}</div>}
      {rest > 0 && (
        <button type="button" class="quiet" onClick={() => (limit.value += mostCharacters * 5)}>
          Show more ({rest.toLocaleString('en')} characters are left)
        </button>
      )}
    </>
  )
}
