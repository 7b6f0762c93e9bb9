import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { stepPrompt, type StepPrompt } from '../prompt/step-prompt.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'

/** A step, as the messages that it has stored name it. */
export interface StepOfTurn {
  readonly turn: number
  readonly step: number
}

export interface PromptMethods {
  /**
   * The exact prompt of a step: made again of what the stores have, and checked by the digest that the step has kept. From the stores alone,
   * for archived agents too. Where something is gone, or was altered, `exact` is false, and `missing` names what is gone.
   * @throws PerdureError `prompt-unknown` where there is no such step, none that a model has answered, or one of an earlier version
   */
  prompt(agentId: string, step: StepOfTurn): Promise<StepPrompt>
}

export function promptMethods(memory: MemoryStore, { known }: AgentNames): PromptMethods {
  return {
    prompt: async (agentId, { turn, step }) => {
      assertNumber(turn, 'turn')
      assertNumber(step, 'step')
      const agent = await known(agentId)
      const answer = await memory.messages.byOp(agent.key, opOf.step(agent.key, turn, step))
      if (answer === undefined) throw new PerdureError('prompt-unknown', `agent ${JSON.stringify(agentId)} has taken no step ${step} in a turn ${turn}, or the model has not answered it yet`)
      return stepPrompt(memory, agent, answer)
    },
  }
}

function assertNumber(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 1) throw invalidArgument(`${what} is a whole number from 1`)
}
