import type { Conversation } from '../live/conversation.ts'
import { Markdown } from '../parts/markdown.tsx'
import { Thoughts } from './thoughts.tsx'

/** What is being written, drawn anew for itself alone. It is no answer until it is stored. */
export function LiveStepView({ conversation: { agentId, live } }: { readonly conversation: Pick<Conversation, 'agentId' | 'live'> }) {
  const step = live.value
  if (step === undefined) return null
  return (
    <div class="live" aria-busy="true">
      {step.texts.length === 0 && <p class="thoughts waits">thinking{step.step > 1 ? `, step ${step.step}` : ''}</p>}
      {step.texts.map(({ kind, text }, index) =>
        kind === 'thoughts' ? (
          <Thoughts key={index} text={text} growing />
        ) : (
          <div key={index} class="reply growing" role="group" aria-label={`${agentId} says`}>
            <Markdown text={text} growing />
          </div>
        ),
      )}
    </div>
  )
}
