import { LRUCache } from 'lru-cache'
import type { StoredMessage } from '../protocol/messages.ts'
import type { StoredAgent } from '../stores/agents.ts'
import { sizeOfMessage } from './message-cache.ts'

const mostCharacters = 16_000_000
/** A step is settled at once. One that waits for somebody is read anew: its stores may have been put back to an earlier day meanwhile. */
const forMs = 60_000
const most = 256

/** A step whose inference is stored: its message, and the agent as it was in that turn, with the definition that the step saw. */
export interface MadeStep {
  readonly agent: StoredAgent
  readonly message: StoredMessage
}

/**
 * The steps whose inference this worker has made, for the settling that follows: neither a stored message nor a version of a definition ever
 * changes, so both are as the stores have them. Each is given once: who settles a step again reads the stores.
 */
export interface MadeSteps {
  put(step: MadeStep): void
  take(agentId: string, op: string): MadeStep | undefined
}

export function madeSteps(): MadeSteps {
  const steps = new LRUCache<string, MadeStep>({ max: most, maxSize: mostCharacters, sizeCalculation: sizeOfStep, ttl: forMs })
  const keyOf = (agentId: string, op: string): string => `${agentId} ${op}`
  return {
    put: (step) => {
      // Nothing is settled of a step without calls.
      if ((step.message.calls ?? []).length > 0) steps.set(keyOf(step.message.agentId, step.message.op), step)
    },
    take: (agentId, op) => {
      const key = keyOf(agentId, op)
      const step = steps.get(key)
      steps.delete(key)
      return step
    },
  }
}

const sizeOfStep = ({ agent, message }: MadeStep): number => JSON.stringify(agent.definition).length + sizeOfMessage(message)
