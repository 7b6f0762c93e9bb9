import { z } from 'zod'
import { invalidArgument } from '../../protocol/errors.ts'
import { namedModel } from './aside-pieces.ts'
import { content, describedFunction, lengthFields, personFields, plainText, toolChoice, type ChatMessage } from './chat-request.ts'
import { agentOfResponse } from './response-id.ts'

const message = z.looseObject({ type: z.literal('message').optional(), role: z.enum(['system', 'developer', 'user', 'assistant']), content })
const output = z.looseObject({ type: z.literal('function_call_output'), call_id: z.string(), output: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]) })
/** What the agent said before, in whichever form. */
const said = z.looseObject({ type: z.enum(['function_call', 'reasoning', 'item_reference']) })
const read: ReadonlySet<string> = new Set(['message', 'function_call_output', ...said.shape.type.options])
/** Of a conversation that was had with another model before: the calls of its own tools, and what they found, in forms that are always new. */
const foreign = z.looseObject({ type: z.string().refine((type) => !read.has(type)) })
const tool = describedFunction.extend({ type: z.literal('function', 'only functions can be brought; an agent has tools of its own') })

export const responsesBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.union([message, output, said, foreign])).min(1)]),
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
 * The input in the form of a chat's messages, one for each item.
 * @throws PerdureError `invalid-argument`
 */
export function messagesOf({ model, input, previous_response_id: previous }: Body): readonly ChatMessage[] {
  const agent = typeof previous === 'string' ? agentOfResponse(previous) : undefined
  if (agent !== undefined && agent !== model) throw invalidArgument(`previous_response_id is a response of agent ${JSON.stringify(agent)}, and model is another one`)
  if (typeof previous === 'string' && namedModel(model).aside) throw invalidArgument('previous_response_id names an aside, of which nothing is kept: send all of the conversation as input')
  return typeof input === 'string' ? [{ role: 'user', content: input }] : messagesIn(input)
}

type Item = Exclude<Body['input'], string>[number]

/** What stands before the agent's last words is not read, in whatever form; what is new has to be. */
function messagesIn(input: readonly Item[]): readonly ChatMessage[] {
  const from = input.findLastIndex((item) => messageOf(item)?.role === 'assistant') + 1
  return input.map((item, index) => {
    const given = messageOf(item)
    if (given === undefined && index >= from) throw invalidArgument(`the body can't be used: input.${index}.type: an agent reads message and function_call_output, and no ${JSON.stringify(item.type?.slice(0, 40))}`)
    return given ?? { role: 'assistant' }
  })
}

function messageOf(item: Item): ChatMessage | undefined {
  if (isOutput(item)) return { role: 'tool', content: item.output, tool_call_id: item.call_id }
  if (isMessage(item)) return { role: item.role, content: item.content }
  return said.safeParse(item).success ? { role: 'assistant' } : undefined
}

const isOutput = (item: Item): item is z.output<typeof output> => item.type === 'function_call_output'
const isMessage = (item: Item): item is z.output<typeof message> => item.type === 'message' || item.type === undefined
