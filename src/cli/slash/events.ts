import type { EventKind } from '../../protocol/events.ts'
import { takeTurn } from '../chat/take-turn.ts'
import type { SlashCommand } from './command.ts'

/** Commands that send an event. Its text is the runtime's own. */
function eventCommand(name: string, kind: EventKind, summary: string): SlashCommand {
  return {
    name,
    summary,
    run: async (chat) => {
      await takeTurn(chat, { text: '', kind })
      return undefined
    },
  }
}

export const heartbeat = eventCommand('heartbeat', 'heartbeat', 'wakes the agent, so that it may think without being asked anything')
export const memorywarning = eventCommand('memorywarning', 'memory-pressure', 'warns the agent of memory pressure, so that it saves what matters')
export const login = eventCommand('login', 'login', 'tells the agent that you have logged in')
