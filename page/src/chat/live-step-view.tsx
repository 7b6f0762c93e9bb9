import type { LiveStep } from '../live/live-step.ts'
import { Markdown } from '../parts/markdown.tsx'
import { Thoughts } from './thoughts.tsx'

/** What is being written. It is no answer until it is stored. */
export function LiveStepView({ step }: { readonly step: LiveStep }) {
  return (
    <div class="live" aria-busy="true">
      {step.texts.length === 0 && <p class="thoughts waits">thinking{step.step > 1 ? `, step ${step.step}` : ''}</p>}
      {step.texts.map(({ kind, text }, index) =>
        kind === 'thoughts' ? (
          <Thoughts key={index} text={text} growing />
        ) : (
          <div key={index} class="reply growing">
            <Markdown text={text} />
          </div>
        ),
      )}
    </div>
  )
}
