import { setTimeout as sleep } from 'node:timers/promises'
import { PerdureError } from '../../protocol/errors.ts'
import { errorText } from '../output/error-text.ts'
import type { Chat } from './chat.ts'
import { narrator } from './narrator.ts'
import { tellHeldUp } from './tell-held-up.ts'

const againMs = 1_000

/**
 * Shows what happens to the agent from a place on, until the signal. A store that is away is waited for by the watch itself; what it
 * can't get over is said, once, and the agent is watched on from there. Where the agent has not come to there, as its memory was put back to an
 * earlier day, it is watched anew from how it stands.
 */
export async function followAgent(chat: Chat, after: number | string | undefined, signal: AbortSignal): Promise<void> {
  const { console, shown } = chat
  let narrate = narrator(chat)
  let place = after
  let said = ''
  const heldUp = tellHeldUp(chat, signal)
  const over = (): boolean => signal.aborted
  while (!over()) {
    try {
      for await (const event of chat.connection.client.watch(chat.agentId, { signal, ...(place !== undefined && { after: place }) })) {
        place = event.id
        await narrate(event)
        // Another attempt that begins is not yet one that goes better.
        if (event.type !== 'reset') heldUp.goesOn()
      }
    } catch (error) {
      if (over()) return
      if (place !== undefined && isOfNoPlace(error)) {
        place = undefined
        narrate = narrator(chat)
        shown.running = undefined
        console.busy()
        console.growing([])
        console.remark(console.palette.yellow("The agent's memory is from an earlier time than what stands above: it was put back. What follows goes on from how it stands now."))
        continue
      }
      const text = errorText(error, process.env, '')
      if (text !== said) console.remark(console.palette.red(text))
      said = text
      await sleep(againMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Ids of events are well formed: what is refused is the place. */
const isOfNoPlace = (error: unknown): boolean => PerdureError.isInstance(error) && error.code === 'invalid-argument'
