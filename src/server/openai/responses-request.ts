import { z } from 'zod'
import { invalidArgument } from '../../protocol/errors.ts'
import { namedModel } from './aside-pieces.ts'
import { content, describedFunction, lengthFields, personFields, plainText, toolChoice, type ChatMessage } from './chat-request.ts'
import { agentOfResponse } from './response-id.ts'

const message = z.looseObject({ type: z.literal('message').optional(), role: z.enum(['system', 'developer', 'user', 'assistant']), content })
const output = z.looseObject({ type: z.literal('function_call_output'), call_id: z.string(), output: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]) })
/** What the agent said before, in whichever form. */
const said = z.looseObject({ type: z.enum(['function_call', 'reasoning', 'item_reference']) })
const tool = describedFunction.extend({ type: z.literal('function', 'only functions can be brought; an agent has tools of its own') })

export const responsesBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.union([message, output, said])).min(1)]),
  stream: z.boolean().nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice,
  text: z.looseObject({ format: plainText }).nullish(),
  ...personFields,
  ...lengthFields,
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  background: z.literal(false, 'an answer in the background is the native interface\'s: POST /api/v1/agents/{agent}/messages?wait=accepted').nullish(),
})

type Body = z.output<typeof responsesBody>

/**
 * The input in the form of a chat's messages.
 * @throws PerdureError `invalid-argument`
 */
export function messagesOf({ model, input, instructions, previous_response_id: previous }: Body): readonly ChatMessage[] {
  const agent = typeof previous === 'string' ? agentOfResponse(previous) : undefined
  if (agent !== undefined && agent !== model) throw invalidArgument(`previous_response_id is a response of agent ${JSON.stringify(agent)}, and model is another one`)
  if (typeof previous === 'string' && namedModel(model).aside) throw invalidArgument('previous_response_id names an aside, of which nothing is kept: send all of the conversation as input')
  const given = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : []
  return [...given, ...(typeof input === 'string' ? [{ role: 'user', content: input }] : messagesIn(input))]
}

function messagesIn(input: Exclude<Body['input'], string>): readonly ChatMessage[] {
  return input.map((item): ChatMessage => {
    if (item.type === 'function_call_output') return { role: 'tool', content: item.output, tool_call_id: item.call_id }
    return item.type === 'message' || item.type === undefined ? { role: item.role, content: item.content } : { role: 'assistant' }
  })
}
