import type { ClientToolDefinition } from '../../../src/protocol/definition.ts'
import type { KeptConversation } from './kept-conversation.ts'

/** What runs at the caller, as far as a history can tell. */
export const clientTools = [
  {
    name: 'sound_depth',
    description: 'Sounds the depth of the water.',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
] satisfies ClientToolDefinition[]

/** Waits for a call that waits, and answers it. */
export async function answerFirst({ client, agentId }: Parameters<KeptConversation['play']>[0], answer: (op: string) => Promise<unknown>): Promise<void> {
  for (;;) {
    const [first] = await client.waiting(agentId)
    if (first !== undefined) {
      await answer(first.op)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
