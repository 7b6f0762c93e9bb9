import { PerdureError } from '../../protocol/errors.ts'
import type { Parked } from '../../protocol/state.ts'
import { parkedText } from '../output/turn-end.ts'
import type { Chat } from './chat.ts'
import { catchUp } from './catch-up.ts'
import { showWaiting } from './show-waiting.ts'
import { welcomeBackLines } from './welcome.ts'

/** Before the first line: where the conversation was, and what is still to be answered from earlier. */
export async function openConversation(chat: Chat, created: boolean): Promise<void> {
  const { agentId, connection, console } = chat
  if (!created) {
    console.remark((await welcomeBackLines(chat)).join('\n'))
    const parked = await parkedReason(chat)
    if (parked?.calls !== undefined) {
      await showWaiting(chat)
      return
    }
    if (parked) console.remark(console.palette.yellow(`${agentId} was ${parkedText(parked.reason, parked.detail)}\nTrying once more now.`))
    // Also starts the workflow, should there be none: its history may have been lost, the agent was not.
    await connection.client.resume(agentId)
    await catchUp(chat)
  }
  if (console.interactive) console.remark(console.palette.dim('Type a message. /help shows the commands, /exit leaves.'))
}

async function parkedReason({ agentId, connection }: Chat): Promise<Parked | undefined> {
  try {
    return (await connection.client.state(agentId)).parked
  } catch (error) {
    if (PerdureError.isInstance(error) && error.code === 'agent-unknown') return undefined
    throw error
  }
}
