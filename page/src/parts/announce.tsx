import { signal } from '@preact/signals'

const said = signal('')

/** Tells whoever listens to a screen reader, in a sentence; never token by token. */
export function announce(sentence: string): void {
  // The same sentence again is news too.
  said.value = said.value === sentence ? `${sentence}\u00a0` : sentence
}

export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {said.value}
    </div>
  )
}
