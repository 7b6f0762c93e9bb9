import { Bar } from '../parts/bar.tsx'
import type { WindowFill } from './window-parts.ts'

const number = (value: number): string => value.toLocaleString('en')
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`

/** The window as a bar, and the same as a table: each part with its tokens and its share. */
export function WindowBar({ fill }: { readonly fill: WindowFill }) {
  const { parts, contextWindow, warning, flush, used } = fill
  const marks = [
    { at: warning, name: 'warning' },
    { at: flush, name: 'flush' },
  ]
  return (
    <section class="window" aria-label="What fills the window">
      <p>
        <strong>{number(used)}</strong> of {number(contextWindow)} tokens ({percent(used / contextWindow)}); the agent is warned above {number(warning)}, and the oldest messages leave above {number(flush)}.
      </p>
      <Bar parts={parts} whole={contextWindow} marks={marks} label="Context window" />
      <table class="sections">
        <thead>
          <tr>
            <th scope="col">Section</th>
            <th scope="col" class="to-right">Tokens</th>
            <th scope="col" class="to-right">Of the window</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ name, size, colour }) => (
            <tr key={name}>
              <th scope="row" dir="auto">
                <span class={`swatch part-${colour}`} aria-hidden="true" /> {name}
              </th>
              <td class="to-right">{number(size)}</td>
              <td class="to-right">{percent(size / contextWindow)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
