import './context.css'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { AgentView, StepOfTurn } from '../../../clients/typescript/src/index.ts'
import type { ViewProps } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { Time } from '../parts/time.tsx'
import { numberIn } from '../shell/address.ts'
import { useKeptScroll } from '../shell/stood-at.ts'
import { sharedBeginning } from './compare-prompts.ts'
import { DigestCheck } from './digest-check.tsx'
import { openPrompts } from './prompts.ts'
import { PromptText } from './prompt-text.tsx'
import { Since, stepName } from './since.tsx'
import { StepPicker } from './step-picker.tsx'
import { hasPrompt, isStep, openSteps } from './steps.ts'
import { WindowBar } from './window-bar.tsx'
import { fillNow, fillOfStep } from './window-parts.ts'

/** What the model sees now, and what it saw at any step: `/context`, `/context/TURN/STEP`, `/context/TURN/STEP/since/TURN/STEP`. */
export function ContextView({ agent, rest }: ViewProps) {
  const { id, client, conversation } = agent
  const box = useKeptScroll<HTMLDivElement>()
  const steps = useMemo(() => openSteps(client, id), [client, id])
  const prompts = useMemo(() => openPrompts(client, id), [client, id])
  const state = useSignal<AgentView | undefined>(undefined)
  const newest = conversation.messages.value.at(-1)?.seq
  const { status } = conversation.standing.value
  useEffect(() => {
    let late = false
    void steps.refresh()
    // Needs a worker; without one the last step says what it saw.
    client.state(id).then(
      (view) => {
        if (!late) state.value = view
      },
      () => (state.value = undefined),
    )
    return () => (late = true)
  }, [steps, newest, status])

  const named = stepIn(rest)
  const list = steps.list.value
  const step = named ?? list.find(hasPrompt)
  const asked = step === undefined ? undefined : prompts.of(step).value
  const against = rest[2] === 'since' ? stepIn(rest.slice(3)) : undefined
  const earlier = against ?? list.slice(list.findIndex((one) => isStep(one, step)) + 1).find(hasPrompt)
  const before = earlier === undefined || step === undefined || isStep(earlier, step) ? undefined : prompts.of(earlier).value.prompt
  const prompt = asked?.prompt
  const fill = prompt === undefined ? undefined : ((named === undefined && state.value !== undefined && fillNow(state.value, prompt.tokens.blocks)) || fillOfStep(prompt))
  const shared = before !== undefined && prompt !== undefined ? sharedBeginning(before.request, prompt.request) : undefined
  return (
    <div class="sheet context" ref={box}>
      <div class="column">
        <StepPicker agentId={id} steps={steps} step={named} against={against} />
        {steps.problem.value !== undefined && <Problem error={steps.problem.value} again={() => void steps.refresh()} />}
        {step !== undefined && asked?.problem !== undefined && <Problem error={asked.problem} again={() => prompts.again(step)} />}
        {steps.loaded.value && step === undefined && <p class="muted">The model was not asked yet: what fills the window is known from its first step on.</p>}
        {asked !== undefined && asked.prompt === undefined && asked.problem === undefined && <p class="muted">Loading…</p>}
        {fill !== undefined && <WindowBar fill={fill} />}
        {before !== undefined && prompt !== undefined && shared !== undefined && <Since before={before} after={prompt} shared={shared} />}
        {prompt !== undefined && (
          <section class="exact" aria-label={`The prompt of ${stepName(prompt)}`}>
            <h2>
              The prompt of {stepName(prompt)}{' '}
              <span class="muted">
                ({prompt.cause}, <Time at={prompt.at} />)
              </span>
            </h2>
            <DigestCheck prompt={prompt} />
            <PromptText request={prompt.request} shared={shared?.messages ?? 0} />
          </section>
        )}
      </div>
    </div>
  )
}

/** What may follow `/context` in an address. */
export function isStepAddress(rest: readonly string[]): boolean {
  const [step, [word, ...earlier]] = [rest.slice(0, 2), rest.slice(2)]
  const isOne = (part: readonly string[]): boolean => part.length === 2 && stepIn(part) !== undefined
  return rest.length === 0 || (isOne(step) && (word === undefined || (word === 'since' && isOne(earlier))))
}

function stepIn(rest: readonly string[]): StepOfTurn | undefined {
  const [turn, step] = [numberIn(rest[0]), numberIn(rest[1])]
  return turn === undefined || step === undefined ? undefined : { turn, step }
}
