import { signal } from '@preact/signals'

/** What is on the page is being printed: what is not drawn because nobody sees it is drawn now. */
export const printing = signal(false)
addEventListener('beforeprint', () => (printing.value = true))
addEventListener('afterprint', () => (printing.value = false))
