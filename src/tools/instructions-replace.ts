import { z } from 'zod'
import { PerdureError } from '../protocol/errors.ts'
import { instructionsToolName } from '../protocol/tool-names.ts'
import { writeDefinition } from '../stores/write-definition.ts'
import { defineTool } from './tool.ts'

/**
 * Replaces the agent's own instructions, which stand after those that explain its memory. Offered only where the definition
 * allows it. They may have as many characters as the window has tokens: about a quarter of it, so that the agent still loads.
 */
export const instructionsReplace = defineTool({
  name: instructionsToolName,
  description: 'Replace your own instructions as a whole.',
  schema: z.object({ new_instructions: z.string() }),
  policy: { placement: 'local', idempotent: true },
  async run({ new_instructions }, { agentId, definition, stores, op, turn, at }) {
    if (!definition.instructionsEditable) {
      throw new PerdureError('tool-unknown', 'your instructions are fixed: keep what you learn in core memory')
    }
    const limit = definition.contextWindow
    if (new_instructions.length > limit) {
      throw new PerdureError(
        'definition-too-large',
        `instructions may have ${limit} characters; these have ${new_instructions.length}, ${new_instructions.length - limit} too many: shorten them`,
      )
    }
    const { memory } = stores
    const agent = await memory.agents.get(agentId)
    if (agent === undefined) throw new PerdureError('wrong-stores', `agent ${agentId} is not in the stores of this worker`)
    await writeDefinition({ memory, agent, op, author: agentId, turn, at, edit: (present) => ({ ...present.definition, instructions: new_instructions }) })
    return 'Your instructions are replaced; they hold from the next step on.'
  },
})
