import { z } from 'zod'
import { defineTool } from './tool.ts'

export const sendMessage = defineTool({
  name: 'send_message',
  description: 'Say something to the user: the only way to reach them.',
  schema: z.object({ message: z.string().trim().min(1) }),
  policy: { placement: 'local', idempotent: true },
  run: async ({ message }) => ({ text: 'Sent.', reply: message }),
})
