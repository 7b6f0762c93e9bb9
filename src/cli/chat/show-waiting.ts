import { answerHint, waitingLines } from '../output/waiting-call.ts'
import type { Chat } from './chat.ts'

/** Shows the calls that wait for somebody, and how to answer. False if none does. */
export async function showWaiting({ agentId, connection, console }: Chat): Promise<boolean> {
  const { palette } = console
  const calls = await connection.client.waiting(agentId)
  if (calls.length === 0) return false
  const hint = answerHint(calls, palette)
  console.remark([...waitingLines(calls, palette), ...(hint === undefined ? [] : [hint])].join('\n'))
  return true
}
