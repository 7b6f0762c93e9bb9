import { setTimeout as sleep } from 'node:timers/promises'
import { errorText } from '../output/error-text.ts'
import type { Chat } from './chat.ts'
import { narrator } from './narrator.ts'

const againMs = 1_000

/**
 * Shows what happens to the agent from a place on, until the signal. A store that is away is waited for by the watch itself; what it
 * can't get over is said, once, and the agent is watched on from there.
 */
export async function followAgent(chat: Chat, after: number | string | undefined, signal: AbortSignal): Promise<void> {
  const narrate = narrator(chat)
  let place = after
  let said = ''
  const over = (): boolean => signal.aborted
  while (!over()) {
    try {
      for await (const event of chat.connection.client.watch(chat.agentId, { signal, ...(place !== undefined && { after: place }) })) {
        place = event.id
        await narrate(event)
      }
    } catch (error) {
      if (over()) return
      const text = errorText(error, process.env, '')
      if (text !== said) chat.console.remark(chat.console.palette.red(text))
      said = text
      await sleep(againMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
