import { signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { HttpClient, StepOfTurn, StepPrompt } from '../../../clients/typescript/src/index.ts'

export interface Asked {
  readonly prompt?: StepPrompt
  readonly problem?: unknown
}

export interface Prompts {
  of(step: StepOfTurn): ReadonlySignal<Asked>
  /** Asks once more for one that could not be had. */
  again(step: StepOfTurn): void
}

/** So many are held. */
const most = 20

/** Each prompt is asked for once: it is of the past. */
export function openPrompts(client: HttpClient, agentId: string): Prompts {
  const held = new Map<string, Signal<Asked>>()
  const nameOf = ({ turn, step }: StepOfTurn): string => `${turn}/${step}`
  const ask = ({ turn, step }: StepOfTurn, asked: Signal<Asked>): void => {
    client.prompt(agentId, { turn, step }).then(
      (prompt) => (asked.value = { prompt }),
      (problem: unknown) => (asked.value = { problem }),
    )
  }
  return {
    of: (step) => {
      const known = held.get(nameOf(step))
      if (known !== undefined) return known
      const asked = signal<Asked>({})
      held.set(nameOf(step), asked)
      for (const oldest of [...held.keys()].slice(0, -most)) held.delete(oldest)
      ask(step, asked)
      return asked
    },
    again: (step) => {
      const asked = held.get(nameOf(step))
      if (asked === undefined) return
      asked.value = {}
      ask(step, asked)
    },
  }
}
