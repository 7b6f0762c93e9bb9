import { LongText } from '../parts/long-text.tsx'
import { cut, shown, wholeSigns } from '../parts/shown.ts'

const shortCharacters = 160

/** What the model thought: beside what it says, and folded where it is long. */
export function Thoughts({ text, growing = false }: { readonly text: string; readonly growing?: boolean }) {
  const trimmed = text.trim()
  if (growing || (trimmed.length <= shortCharacters && !trimmed.includes('\n'))) {
    return (
      <p class="thoughts" dir="auto">
        <span class="unseen">Thought: </span>
        {shown(growing ? wholeSigns(trimmed.slice(-2_000)) : trimmed)}
      </p>
    )
  }
  return (
    <details class="thoughts">
      <summary dir="auto">
        <span class="unseen">Thought: </span>
        {shown(cut(trimmed, shortCharacters))}
      </summary>
      <LongText text={trimmed} />
    </details>
  )
}
