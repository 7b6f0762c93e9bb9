import type { AgentActivities } from '../protocol/activities.ts'
import { opOf } from '../protocol/ids.ts'
import { agentTools } from '../tools/agent-tools.ts'
import { editedCall } from './answered-call.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { parseCall, unknownNamesText } from '../tools/parse-call.ts'
import { seenByStep } from './step-message.ts'

/**
 * Reads arguments that a person put in place of the model's, as the call itself will: what does not fit is the person's to mend. So is a name
 * that the tool does not have: a model's is left out, but a person would not learn that what they changed was not changed. Those that the model
 * itself wrote come along with what the person left as it was.
 */
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
    if (!parsed.ok) return { problem: parsed.error }
    const asked = parseCall(call, tools, tools.names)
    const problem = unknownNamesText(parsed.tool, parsed.unknownNames.filter((name) => !asked.ok || !asked.unknownNames.includes(name)))
    return problem === undefined ? {} : { problem }
  }
}
