import { z } from 'zod'
import { limits } from '../../protocol/limits.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'
import { usage } from '../answers/message.ts'
import { route, workflowErrors } from '../route.ts'

const asideMessage = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), text: z.string() })
const answer = z
  .object({ text: z.string(), model: z.string(), usage, ended: z.enum(['cut', 'filtered']).optional().describe('why the answer ended before it was whole') })
  .meta({ id: 'AsideAnswer' })

export const asideRoutes = [
  route({
    method: 'POST',
    path: '/agents/{agent}/asides',
    operation: 'aside',
    summary: 'Ask the agent something that leaves no trace: it answers from its context, without tools, beside its turns. Question and answer are kept nowhere; the cost is. Asked again it is another aside.',
    scope: 'messages',
    methods: ['aside'],
    bodyBytes: 2 * limits.asideBytes,
    body: z.strictObject({
      question: z.union([z.string(), z.array(asideMessage).min(1)]).describe('a text, or a conversation that ends with a message of the user'),
      maxOutputTokens: z.int().min(1).max(limits.outputTokens).optional(),
    }),
    answer,
    errors: [...workflowErrors, 'message-empty', 'message-too-large', 'agent-parked', 'model-refused', 'model-unreachable', 'model-error', 'context-overflow'],
    handle: ({ client, path, body: { question, ...options }, signal }) => client.aside(path.agent, question, withoutUndefined({ ...options, signal })),
  }),
]
