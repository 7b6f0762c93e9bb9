import type { EventKind } from '../../protocol/events.ts'
import type { SlashCommand } from './command.ts'

/** Commands that send an event. Its text is the runtime's own. */
const eventCommand = (name: string, event: EventKind, summary: string): SlashCommand => ({ name, summary, event, run: () => undefined })

export const heartbeat = eventCommand('heartbeat', 'heartbeat', 'wakes the agent without asking it anything')
export const memorywarning = eventCommand('memorywarning', 'memory-pressure', 'warns of memory pressure, so that it saves what matters')
export const login = eventCommand('login', 'login', 'tells the agent that you have logged in')
