import type { StepPrompt } from '../../../clients/typescript/src/index.ts'
import { Diff } from '../parts/diff.tsx'
import { counted, shown } from '../parts/shown.ts'
import { partChanges, type SharedBeginning } from './compare-prompts.ts'

export const stepName = ({ turn, step }: Pick<StepPrompt, 'turn' | 'step'>): string => `turn ${turn}, step ${step}`

/** What is another one than in an earlier prompt, and how much of the beginning is the same: a provider's cache could read that much. */
export function Since({ before, after, shared }: { readonly before: StepPrompt; readonly after: StepPrompt; readonly shared: SharedBeginning }) {
  const changes = partChanges(before, after)
  const [was, is] = [systemOf(before), systemOf(after)]
  const { usage } = after
  return (
    <section class="since" aria-label={`Since ${stepName(before)}`}>
      <h2>Since {stepName(before)}</h2>
      <p>{reuseText(shared, after)}{usage !== undefined && ` The provider read ${usage.cachedTokens.toLocaleString('en')} of ${usage.promptTokens.toLocaleString('en')} tokens from its cache.`}</p>
      {changes.length > 0 && (
        <div class="scrolls" tabIndex={0} role="region" aria-label="Parts that changed">
          <table>
            <thead>
              <tr>
                <th scope="col">Part</th>
                <th scope="col">{stepName(before)}</th>
                <th scope="col">{stepName(after)}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ what, before: one, after: other }) => (
                <tr key={what}>
                  <th scope="row" dir="auto">{shown(what)}</th>
                  <td dir="auto">{shown(one)}</td>
                  <td dir="auto">{shown(other)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {was !== is && (
        <details>
          <summary>Instructions and memory, what changed in them</summary>
          <Diff before={was} after={is} around={80} />
        </details>
      )}
    </section>
  )
}

const systemOf = ({ request }: StepPrompt): string => request.messages[0]?.content ?? ''

function reuseText({ messages, share, broken }: SharedBeginning, { request, tokens }: StepPrompt): string {
  if (broken === 'model') return 'Another model was asked, so that no cache of the earlier prompt helps.'
  if (broken === 'tools') return 'The tools are others, and they stand first: a provider’s cache of the earlier prompt helps nothing.'
  const about = Math.floor(share * tokens.total).toLocaleString('en')
  const whole = messages === request.messages.length ? 'all of it' : messages === 0 ? 'the tools and a part of the first message' : `${counted(messages, 'message')} of ${request.messages.length.toLocaleString('en')}`
  return `The beginning is the same: ${whole}, about ${about} tokens (${Math.floor(100 * share)} %), which a provider’s cache could read.`
}
