import type { StepOfTurn, StoredMessage } from '../../../clients/typescript/src/index.ts'
import { addressOf, go } from '../shell/address.ts'
import { Link } from '../shell/link.tsx'
import { stepName } from './since.tsx'
import { hasPrompt, isStep, type Steps } from './steps.ts'

export interface StepPickerProps {
  readonly agentId: string
  readonly steps: Steps
  /** The one that is shown; undefined: now. */
  readonly step: StepOfTurn | undefined
  /** The one that it is compared with, where the address names one. */
  readonly against: StepOfTurn | undefined
}

const valueOf = ({ turn, step }: StepOfTurn): string => `${turn}/${step}`

/** Which step is shown, and with which it is compared. */
export function StepPicker({ agentId, steps, step, against }: StepPickerProps) {
  const list = steps.list.value
  const at = list.findIndex((one) => isStep(one, step))
  const last = list.find(hasPrompt)
  const present = step ?? last
  const placeOf = (...parts: readonly string[]) => ({ agent: agentId, view: 'context', rest: parts.flatMap((part) => (part === '' ? [] : part.split('/'))) })
  const [later, earlier] = step === undefined ? [undefined, last] : [list[at - 1], at < 0 ? undefined : list[at + 1]]
  const choose = (value: string, ...since: readonly string[]): void => {
    if (value === 'more' || since.at(-1) === 'more') void steps.older()
    else go(addressOf(placeOf(value, ...since)))
  }
  const older = present === undefined ? [] : list.filter(({ turn, step: number }) => turn < present.turn || (turn === present.turn && number < present.step))
  return (
    <nav class="steps" aria-label="Steps">
      <StepSelect label="Show the window" empty="now" list={list} chosen={step} more={steps.more.value} choose={(value) => choose(value)} />
      {present !== undefined && older.length > 0 && (
        <StepSelect label="Compared with" empty="the step before" list={older} chosen={against} more={steps.more.value} choose={(value) => (value === '' ? choose(valueOf(present)) : choose(valueOf(present), 'since', value))} />
      )}
      <span class="buttons">
        {earlier !== undefined && <Link to={placeOf(valueOf(earlier))}>← {step === undefined ? 'Last step' : 'Step before'}</Link>}
        {later !== undefined && <Link to={placeOf(valueOf(later))}>Next step →</Link>}
        {step !== undefined && <Link to={placeOf()}>Now</Link>}
      </span>
    </nav>
  )
}

interface StepSelectProps {
  readonly label: string
  /** The choice of none. */
  readonly empty: string
  readonly list: readonly StoredMessage[]
  readonly chosen: StepOfTurn | undefined
  readonly more: boolean
  readonly choose: (value: string) => void
}

function StepSelect({ label, empty, list, chosen, more, choose }: StepSelectProps) {
  const value = chosen === undefined ? '' : valueOf(chosen)
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{empty}</option>
        {chosen !== undefined && !list.some((one) => isStep(one, chosen)) && <option value={value}>{stepName(chosen)}</option>}
        {list.map((one) => (
          <option key={one.seq} value={valueOf(one)}>
            {stepName(one)} ({one.context?.cause ?? 'no answer'})
          </option>
        ))}
        {more && <option value="more">earlier steps…</option>}
      </select>
    </label>
  )
}
