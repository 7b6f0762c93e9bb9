import { useSignal } from '@preact/signals'
import { announce } from './announce.tsx'

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const done = useSignal(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    done.value = true
    announce(`${what} was copied.`)
    setTimeout(() => (done.value = false), 1_500)
  }
  return (
    <button type="button" class="quiet copy" aria-label={`Copy ${what}`} onClick={() => void copy().catch(() => announce('The browser does not let the page copy.'))}>
      {done.value ? 'copied' : 'copy'}
    </button>
  )
}
