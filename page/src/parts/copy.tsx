import { useSignal } from '@preact/signals'
import { announce } from './announce.tsx'

export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const said = useSignal<string | undefined>(undefined)
  const copy = async (near: Element): Promise<void> => {
    const done = await copied(text, near)
    said.value = done ? 'copied' : 'not copied'
    announce(done ? `${what} was copied.` : `The browser does not let the page copy ${what}: select it, and copy it yourself.`)
    setTimeout(() => (said.value = undefined), done ? 1_500 : 5_000)
  }
  return (
    <button type="button" class="quiet copy" aria-label={`Copy ${what}`} title={said.value === 'not copied' ? 'The browser does not let the page copy: select it, and copy it yourself.' : undefined} onClick={(event) => void copy(event.currentTarget)}>
      {said.value ?? 'copy'}
    </button>
  )
}

/** Over plain HTTP a page has no clipboard but what is selected in it. @param near in the same dialog as this, if it is in one */
async function copied(text: string, near: Element): Promise<boolean> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard }
  if (clipboard !== undefined && (await clipboard.writeText(text).then(() => true, () => false))) return true
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'unseen'
  near.after(field)
  field.select()
  try {
    return (document as { execCommand(command: 'copy'): boolean }).execCommand('copy')
  } catch {
    return false
  } finally {
    field.remove()
    if (near instanceof HTMLElement) near.focus()
  }
}
