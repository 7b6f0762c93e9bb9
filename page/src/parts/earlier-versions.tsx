import type { Signal } from '@preact/signals'
import { counted } from './shown.ts'

/** Below a list of versions: asks for more of them, as far as there are any, and as many as are listed at once. */
export function EarlierVersions({ shown, limit, most }: { readonly shown: number; readonly limit: Signal<number>; readonly most: number }) {
  if (shown !== limit.value || limit.value >= most) return null
  return (
    <button type="button" class="quiet" onClick={() => (limit.value = Math.min(most, limit.value * 4))}>
      Show earlier versions than these {counted(shown, 'version')}
    </button>
  )
}
