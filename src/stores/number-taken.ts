import { PerdureError } from '../protocol/errors.ts'
import type { StoredMessage } from '../protocol/messages.ts'

/** Nothing was stored. A workflow that gets this knows less than the stores do. */
export const numberTaken = ({ agentId, op, seq }: StoredMessage): PerdureError =>
  new PerdureError('numbers-behind', `message ${op} cannot have number ${seq}: another message of agent ${agentId} holds it, so its workflow has to read its numbers anew`)
