import type { AgentActivities } from '../protocol/activities.ts'
import { opOf } from '../protocol/ids.ts'
import { agentTools } from '../tools/agent-tools.ts'
import { editedCall } from './answered-call.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { parseCall } from '../tools/parse-call.ts'
import { seenByStep } from './step-message.ts'

/** Reads arguments that a person put in place of the model's, as the call itself will: what does not fit is the person's to mend. */
export function createCheckEdit(dependencies: ActivityDependencies): AgentActivities['checkEdit'] {
  return async (input) => {
    const { memory } = dependencies.stores
    const { definition, message } = await seenByStep(dependencies, input)
    const call = message.calls?.[input.call]
    if (call === undefined) return { problem: `there is no call ${opOf.call(input.op, input.call)}` }
    const edited = await editedCall(memory, input, call)
    if (edited === undefined) return { problem: 'the edited arguments are not in the store: give them with the answer' }
    const tools = agentTools(dependencies.tools, definition)
    const parsed = parseCall(edited, tools, tools.names)
    return parsed.ok ? {} : { problem: parsed.error }
  }
}
