import type { Chat } from './chat.ts'
import { earlierEvents, missedEvents, takeUp, watchedFrom } from './earlier-events.ts'
import { followAgent } from './follow-agent.ts'
import { viewOf } from './view-of.ts'
import { welcomeBackLines } from './welcome.ts'

/** Before the first line: where the conversation was, what was answered meanwhile, and what is still to be answered. From here on the screen shows what the agent does. */
export async function openConversation(chat: Chat, created: boolean, signal: AbortSignal): Promise<void> {
  const { agentId, connection, console, mail } = chat
  const view = created ? undefined : await viewOf(chat)
  const missed = view === undefined || !console.interactive ? [] : await missedEvents(chat, view)
  const events = view === undefined ? [] : await earlierEvents(chat, view)
  if (!created) console.remark((await welcomeBackLines(chat, { missed: missed.length, open: events.map(({ eventId }) => eventId) })).join('\n'))
  // Before anything of them is shown.
  for (const { eventId, text } of [...missed, ...events]) mail.expect(eventId, text)
  void followAgent(chat, view === undefined ? undefined : await watchedFrom(chat, view, missed), signal)
  if (view !== undefined) {
    if (view.parked?.calls === undefined) {
      if (view.parked !== undefined) console.remark(console.palette.dim('It is parked; trying once more now.'))
      // Also starts the workflow, should there be none: its history may have been lost, the agent was not.
      await connection.client.resume(agentId)
      chat.shown.letGoOnAt = Date.now()
    }
    await takeUp(chat, events)
  }
  if (console.interactive) console.remark(console.palette.dim('Type a message. /help shows the commands, /exit leaves.'))
}
