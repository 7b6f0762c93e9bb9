export interface Part {
  readonly name: string
  readonly size: number
  /** One of the colours `--part-1` to `--part-8`; 0: room that is left. */
  readonly colour: number
}

/** Sizes beside each other as a bar; the marks are thresholds. Its list says the same in words. */
export function Bar({ parts, whole, marks = [], label }: { readonly parts: readonly Part[]; readonly whole: number; readonly marks?: readonly { readonly at: number; readonly name: string }[]; readonly label: string }) {
  const share = (size: number): string => `${Math.min(100, (size / Math.max(1, whole)) * 100)}%`
  return (
    <div class="bar" role="img" aria-label={`${label}: ${parts.map(({ name, size }) => `${name} ${size.toLocaleString('en')}`).join(', ')}`}>
      {parts.map(({ name, size, colour }) => (
        <span key={name} class={`part part-${colour}`} style={{ width: share(size) }} title={`${name}: ${size.toLocaleString('en')}`} />
      ))}
      {marks.map(({ at, name }) => (
        <span key={name} class="mark" style={{ left: share(at) }} title={`${name}: ${at.toLocaleString('en')}`} />
      ))}
    </div>
  )
}
